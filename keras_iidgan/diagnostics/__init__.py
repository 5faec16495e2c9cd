"""Did it collapse? Arrays in, tables of findings out. Nothing here knows a model."""

from keras_iidgan.diagnostics.findings import QUESTIONS, Finding, Findings
from keras_iidgan.diagnostics.glance import Glance

__all__ = ["QUESTIONS", "Finding", "Findings", "Glance"]
