"""The flags of measuring the verdict."""

from absl import flags as absl_flags


def define_detect(values):
    """Define the flags of `keras_iidgan.detect`."""
    text, listed = absl_flags.DEFINE_string, absl_flags.DEFINE_list
    for define, name, default, said in (
        (listed, "datasets", ["ring", "grid", "stacked_digits"], "Data sets."),
        (listed, "methods", ["gan", "iidgan", "veegan"], "Methods."),
        (absl_flags.DEFINE_integer, "seeds", 4, "Seeds: 0 to this, less one."),
        (absl_flags.DEFINE_bool, "quick", False, "A few steps: to see that all runs."),
        (text, "configs", "configs", "The folder of configurations."),
        (text, "measured_dir", "configs/measured", "The kept figures."),
        (text, "results", "RESULTS.md", "The page of all kept tables."),
        (text, "readme", "README.md", "A page whose marked place gets the short tables."),
    ):
        define(name, default, said, flag_values=values)
