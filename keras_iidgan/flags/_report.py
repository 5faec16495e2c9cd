"""The flags of the report."""

from absl import flags as absl_flags

FORMATS = ("html", "json")


def define_report(values):
    """Define the flags of `keras_iidgan.report`."""
    text, whole = absl_flags.DEFINE_string, absl_flags.DEFINE_integer
    for define, name, default, said in (
        (
            absl_flags.DEFINE_multi_string,
            "run",
            [],
            "A run folder. Several, with commas between them or the flag repeated, are compared.",
        ),
        (text, "format", "html", f"One of {', '.join(FORMATS)}."),
        (
            text,
            "out",
            None,
            "File of the report; RUN/report.html by default, or comparison.html beside the first "
            "of several runs.",
        ),
        (whole, "eval_samples", 0, "Samples; 0: as the run."),
        (whole, "eval_seed", 1, "Seed of the samples."),
    ):
        define(name, default, said, flag_values=values)
