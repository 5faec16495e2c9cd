"""Did it collapse? Arrays in, tables of findings out. Nothing here knows a model."""

from keras_iidgan.diagnostics.coverage import diagnose_coverage
from keras_iidgan.diagnostics.findings import QUESTIONS, Finding, Findings
from keras_iidgan.diagnostics.groups import Clusters, find_clusters
from keras_iidgan.diagnostics.located import Group, Located
from keras_iidgan.diagnostics.reconstruction import diagnose_reconstruction

__all__ = [
    "QUESTIONS",
    "Clusters",
    "Finding",
    "Findings",
    "Group",
    "Located",
    "diagnose_coverage",
    "diagnose_reconstruction",
    "find_clusters",
]
