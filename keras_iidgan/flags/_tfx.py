"""The flags of TFX pipelines."""

from absl import flags as absl_flags


def define_tfx_examples(values):
    """Define the flags of `keras_iidgan.tfx.writing`."""
    text, whole = absl_flags.DEFINE_string, absl_flags.DEFINE_integer
    for define, name, default, said in (
        (text, "dataset", "digits", "The data set."),
        (text, "std", None, "Width of the synthetic modes."),
        (text, "data_dir", None, "A TensorFlow Datasets directory, or a folder of pictures."),
        (whole, "image_size", 0, "Height of the images, where there is a choice; 0: the usual."),
        (whole, "train_size", 0, "Training samples; 0 takes the data set's own number."),
        (whole, "seed", 0, "Seed of the data."),
        (text, "out", None, "Folder of the examples; its folders train and eval are written."),
    ):
        define(name, default, said, flag_values=values)


def define_tfx_pipeline(values):
    """Define the flags of `keras_iidgan.tfx.pipeline`."""
    text, whole, boolean = (
        absl_flags.DEFINE_string,
        absl_flags.DEFINE_integer,
        absl_flags.DEFINE_bool,
    )
    for define, name, default, said in (
        (text, "examples", None, "Folder of TFRecords of tf.Examples; none: those of --dataset."),
        (text, "train_pattern", "train/*", "Glob below --examples of what is trained on."),
        (text, "eval_pattern", "eval/*", "Glob below --examples of what is measured on."),
        (text, "dataset", "digits", "Without --examples: the data set to write as examples."),
        (text, "data_dir", None, "Of --dataset: a folder of pictures, say."),
        (text, "config", None, "Flag file of the training."),
        (text, "serving_dir", None, "Folder of versions that a blessed model is pushed to."),
        (text, "pipeline_root", None, "Folder of what the pipeline makes."),
        (text, "pipeline_name", "keras-iidgan", "Name of the pipeline."),
        (text, "metadata", None, "File of the metadata; PIPELINE_ROOT/metadata.sqlite by default."),
        (whole, "steps", 0, "Training steps; 0: as --config says."),
        (
            text,
            "thresholds",
            "coverage>=0.9",
            "What a model must reach to be pushed: FIGURE>=NUMBER or FIGURE<=NUMBER, with commas "
            "between; every figure of the report can be named, as in modes_covered>=10,"
            "high_quality>=0.8,kl<=0.2,iid_departures<=2.",
        ),
        (whole, "eval_samples", 0, "Samples to measure; 0: as --config says."),
        (absl_flags.DEFINE_list, "figures", [], "More to measure, such as fid, kid, prdc."),
        (text, "transform", None, "Python file with a preprocessing_fn: adds Transform."),
        (boolean, "tfma", False, "Add TFMA's Evaluator, on the signature `examples`."),
        (
            text,
            "infra_validator",
            "none",
            "none, docker or kubernetes: load the model in TensorFlow Serving before it is pushed. "
            "It needs a running docker, or a cluster.",
        ),
        (boolean, "cache", True, "Reuse what earlier runs made of the same inputs."),
        (text, "runner", "local", "local, or kubeflow, which compiles to --out."),
        (text, "out", "pipeline.json", "File of the compiled pipeline."),
        (text, "image", None, "Container image of the compiled pipeline's steps."),
        (
            absl_flags.DEFINE_multi_string,
            "beam",
            [],
            "An option of Beam for the data steps, as in --beam=--runner=FlinkRunner; repeatable.",
        ),
    ):
        define(name, default, said, flag_values=values)
