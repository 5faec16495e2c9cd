"""Metrics: arrays in, dictionaries of floats out. Nothing here knows a model."""

from keras_iidgan.metrics.bins import NearestBins, bin_figures
from keras_iidgan.metrics.class_scores import class_figures, inception_score, mode_score
from keras_iidgan.metrics.class_sums import ClassSums, score_figures
from keras_iidgan.metrics.codes import code_moments
from keras_iidgan.metrics.feature_moments import FeatureMoments
from keras_iidgan.metrics.frechet import fid, frechet_distance
from keras_iidgan.metrics.kernel import kid
from keras_iidgan.metrics.mode_counts import ModeCounts
from keras_iidgan.metrics.modes import mode_metrics, mode_std_ratio, modes_covered_at_papers
from keras_iidgan.metrics.neighbours import neighbour_figures
from keras_iidgan.metrics.protocol import low_quality_share, protocol

__all__ = [
    "ClassSums",
    "FeatureMoments",
    "ModeCounts",
    "NearestBins",
    "bin_figures",
    "class_figures",
    "code_moments",
    "fid",
    "frechet_distance",
    "inception_score",
    "kid",
    "low_quality_share",
    "mode_metrics",
    "mode_score",
    "mode_std_ratio",
    "modes_covered_at_papers",
    "neighbour_figures",
    "protocol",
    "score_figures",
]
