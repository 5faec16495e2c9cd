"""Did it collapse? Arrays in, tables of findings out. Nothing here knows a model."""

from keras_iidgan.diagnostics.codes import diagnose_codes
from keras_iidgan.diagnostics.coverage import diagnose_coverage
from keras_iidgan.diagnostics.findings import QUESTIONS, Finding, Findings
from keras_iidgan.diagnostics.glance import Glance
from keras_iidgan.diagnostics.groups import Clusters, find_clusters
from keras_iidgan.diagnostics.located import Group, Located
from keras_iidgan.diagnostics.reconstruction import diagnose_reconstruction
from keras_iidgan.diagnostics.samples import some_rows
from keras_iidgan.diagnostics.unused import diagnose_unused
from keras_iidgan.diagnostics.variety import diagnose_duplicates, diagnose_memory
from keras_iidgan.diagnostics.verdict import Verdict, verdict

__all__ = [
    "QUESTIONS",
    "Clusters",
    "Finding",
    "Findings",
    "Glance",
    "Group",
    "Located",
    "Verdict",
    "diagnose_codes",
    "diagnose_coverage",
    "diagnose_duplicates",
    "diagnose_memory",
    "diagnose_reconstruction",
    "diagnose_unused",
    "find_clusters",
    "some_rows",
    "verdict",
]
