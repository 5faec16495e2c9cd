"""Components of pipelines: what writes examples, and what judges a model before it is pushed."""

import json
import pathlib

from tfx.dsl.component.experimental.annotations import (
    InputArtifact,
    OutputArtifact,
    OutputDict,
    Parameter,
)
from tfx.dsl.component.experimental.decorators import component
from tfx.types.standard_artifacts import Examples, Model, ModelBlessing, ModelEvaluation, ModelRun

SPLITS = ("train", "eval")
REPORT = "report.html"  # Of the evaluator's output `report`, for people; the other for programs.
FIGURES = "figures.json"


@component
def DatasetExampleGen(
    examples: OutputArtifact[Examples],
    dataset: Parameter[str],
    std: Parameter[str] = "",
    data_dir: Parameter[str] = "",
    image_size: Parameter[int] = 0,
    train_size: Parameter[int] = 0,
    seed: Parameter[int] = 0,
):
    """Write a data set of this package, such as ring, grid, digits or folder, as tf.Examples.

    Args:
        examples: output; the splits `train` and `eval`, see `writing.write`.
        dataset: name of the data set.
        std: width of synthetic modes; empty is its default.
        data_dir: for `folder` the pictures, for others a TensorFlow Datasets directory.
        image_size: height of images, where there is a choice; 0 is the usual one.
        train_size: training samples; 0 is the data set's own number.
        seed: of the data.
    """
    from keras_iidgan import data
    from keras_iidgan.tfx import writing

    loaded = data.load(
        dataset,
        std=std or None,
        data_dir=data_dir or None,
        image_size=image_size or None,
        size=train_size or None,
        seed=seed,
    )
    root = pathlib.Path(examples.uri)
    writing.write(loaded, {split: root / f"Split-{split}" for split in SPLITS})
    examples.split_names = json.dumps(SPLITS)
    examples.set_string_custom_property("payload_format", "FORMAT_TF_EXAMPLE")
    examples.set_string_custom_property("file_format", "tfrecords_gzip")


@component
def ModeCoverageEvaluator(
    examples: InputArtifact[Examples],
    model: InputArtifact[Model],
    model_run: InputArtifact[ModelRun],
    blessing: OutputArtifact[ModelBlessing],
    report: OutputArtifact[ModelEvaluation],
    thresholds: Parameter[str] = "coverage>=0.9",
    samples: Parameter[int] = 0,
    seed: Parameter[int] = 1,
    figures: Parameter[str] = "",
) -> OutputDict(is_blessed=int):
    """Bless a model that reaches its thresholds.

    The exported model itself is measured: which modes of the data it covers, how good its samples
    are, divergences, and whether F(x) is an IID sample of N(0, I).

    Args:
        examples: what the model was trained on, as the Trainer got it.
        model: the Trainer's.
        model_run: the Trainer's.
        blessing: output, for Pusher.
        report: output: the page with the pictures, and the figures.
        thresholds: see `thresholds.parse`.
        samples: to measure; 0 is the run's own number.
        seed: of the samples.
        figures: more to measure, such as "fid,kid", with commas between.
    """
    from keras_iidgan import cli
    from keras_iidgan.tfx import judging
    from keras_iidgan.tfx import thresholds as rules_of

    rules = rules_of.parse(thresholds)
    cli.import_tensorflow()
    found = judging.judge(
        str(pathlib.Path(model.uri) / "Format-Serving"),
        model_run.uri,
        [str(pathlib.Path(examples.uri) / "Split-train" / "*")],
        [str(pathlib.Path(examples.uri) / "Split-eval" / "*")],
        rules,
        count=samples,
        seed=seed,
        figures=tuple(name for name in figures.split(",") if name),
    )
    judging.write(found, report.uri, REPORT, FIGURES)
    judging.write_blessing(found, blessing.uri)
    blessing.set_int_custom_property("blessed", int(found.is_blessed))
    report.set_int_custom_property("blessed", int(found.is_blessed))
    for rule, outcome in found.outcomes.items():
        print(f"{rule}: {outcome}")
    return {"is_blessed": int(found.is_blessed)}
