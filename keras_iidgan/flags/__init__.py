"""Every flag of every command: this is the only package that defines absl flags."""

from keras_iidgan.flags._client import define_client
from keras_iidgan.flags._compare import define_compare, define_work, passed_on
from keras_iidgan.flags._detect import define_detect
from keras_iidgan.flags._examples import define_example
from keras_iidgan.flags._report import FORMATS, define_report
from keras_iidgan.flags._runs import define_draw, define_evaluate, define_export
from keras_iidgan.flags._serve import define_serve
from keras_iidgan.flags._tfx import define_tfx_examples, define_tfx_pipeline
from keras_iidgan.flags._train import define_train

__all__ = [
    "FORMATS",
    "define_client",
    "define_compare",
    "define_detect",
    "define_draw",
    "define_evaluate",
    "define_example",
    "define_export",
    "define_report",
    "define_serve",
    "define_tfx_examples",
    "define_tfx_pipeline",
    "define_train",
    "define_work",
    "passed_on",
]
