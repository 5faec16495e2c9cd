"""Did it collapse? Arrays in, tables of findings out. Nothing here knows a model."""

from keras_iidgan.diagnostics.codes import diagnose_codes
from keras_iidgan.diagnostics.findings import QUESTIONS, Finding, Findings

__all__ = ["QUESTIONS", "Finding", "Findings", "diagnose_codes"]
