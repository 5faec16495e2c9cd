"""The figures of every report: a model's samples measured in one pass, chunk by chunk.

Memory doesn't grow with the number of images; points are kept.
"""

from keras_iidgan.evaluation.measuring import DEFAULT, default_samples, measure, names
from keras_iidgan.evaluation.report import one_line

__all__ = ["DEFAULT", "default_samples", "measure", "names", "one_line"]
