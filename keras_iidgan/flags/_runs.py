"""The flags of what is done with a run."""

from absl import flags as absl_flags

_CHECKPOINT = (
    "newest, or best: the one of the highest coverage, which a run with --monitor_every keeps."
)
REFINE_STEPS_HELP = "Steps of the exported signature invert_refined; 0 leaves it out."


def define_export(values):
    """Define the flags of `keras_iidgan.export`."""
    _define_run(values)
    absl_flags.DEFINE_string("export_dir", None, "Folder of versions.", flag_values=values)
    absl_flags.DEFINE_integer("refine_steps", 50, REFINE_STEPS_HELP, flag_values=values)


def define_evaluate(values):
    """Define the flags of `keras_iidgan.evaluate`."""
    text, whole = absl_flags.DEFINE_string, absl_flags.DEFINE_integer
    _define_run(values)
    for define, name, default, said in (
        (whole, "eval_samples", 0, "Samples; 0: as the run."),
        (whole, "eval_seed", 1, "Seed of the samples."),
        (whole, "mode_threshold", 0, "Good samples per mode; 0: as the run."),
        (
            absl_flags.DEFINE_list,
            "metrics",
            [],
            "What to measure: modes, kl, codes, fid, kid, prdc (precision, recall, density, "
            "coverage), jsd, inception_score, mode_score. None is what training measures: modes, "
            "kl, codes.",
        ),
        (
            text,
            "features",
            "auto",
            "Where features come from: inception, classifier (of digits), or the path of a .keras "
            "file or SavedModel; auto is the classifier where the data have it, else inception.",
        ),
        (text, "inception_path", None, "A folder with TF-GAN's Inception."),
        (
            absl_flags.DEFINE_float,
            "least_confidence",
            None,
            "Probability from which an image is a good sample; SIG's protocol has 0.7.",
        ),
    ):
        define(name, default, said, flag_values=values)


def define_draw(values):
    """Define the flags of `keras_iidgan.draw`."""
    _define_run(values)
    absl_flags.DEFINE_string(
        "out", None, "Folder of the pictures; RUN/drawn by default.", flag_values=values
    )
    absl_flags.DEFINE_integer("seed", 0, "Seed of the codes.", flag_values=values)


def _define_run(values):
    absl_flags.DEFINE_string("run", None, "A run folder.", flag_values=values)
    absl_flags.DEFINE_string("checkpoint", "newest", _CHECKPOINT, flag_values=values)
