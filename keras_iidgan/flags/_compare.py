"""The flags of comparisons."""

from absl import flags as absl_flags

from keras_iidgan.flags._train import define_train, train_flags

# What a comparison sets itself, run by run.
_OF_COMPARE = {"method", "dataset", "seed", "runs_dir", "run_dir", "export_dir"}


def passed_on():
    """Return the names of the flags of `train` that `compare` passes on to all of its runs."""
    names = [name for _, name, _, _ in train_flags() if name not in _OF_COMPARE]
    return [*names, "hparam", "flip"]


def define_compare(values):
    """Define the flags of `keras_iidgan.compare`."""
    text, listed, boolean = (
        absl_flags.DEFINE_string,
        absl_flags.DEFINE_list,
        absl_flags.DEFINE_bool,
    )
    for define, name, default, said in (
        (listed, "methods", [], "Methods to compare; of a preset these alone."),
        (text, "dataset", None, "Data set of the --methods; ring."),
        (listed, "preset", [], "Tables that are ready, such as iid_gan_table1."),
        (
            listed,
            "seeds",
            [],
            "A number n is 0 to n - 1, several are themselves (3,7; one alone is 7,); none takes "
            "the preset's, or 0.",
        ),
        (boolean, "quick", False, "A tenth of the steps, two seeds: to see that all runs."),
        (
            absl_flags.DEFINE_integer,
            "jobs",
            0,
            "Runs at a time, each on its share of the cores; 0: one for each GPU, else each core.",
        ),
        (text, "shard", "0/1", "i/n: of every n runs do the i-th, from 0."),
        (text, "out", None, "Folder of tables, pictures and runs; runs/compare/NAME."),
        (text, "measured_dir", "configs/measured", "The kept figures of presets."),
        (text, "results", "RESULTS.md", "The page of all kept tables."),
        (text, "readme", "README.md", "A page whose marked place gets the short tables."),
        (boolean, "dry_run", False, "Print the runs, run none."),
        (
            absl_flags.DEFINE_multi_string,
            "hparam",
            [],
            "name=value for all methods, METHOD.name=value for one; repeatable.",
        ),
        (boolean, "flip", None, "Of all runs: mirror images."),
    ):
        define(name, default, said, flag_values=values)
    absl_flags.DEFINE_alias("tables", "preset", flag_values=values)
    for define, name, _, said in train_flags():
        if name not in _OF_COMPARE:
            define(name, None, f"Of all runs: {said}", flag_values=values)


def define_work(values):
    """Define the flags of a run of a comparison."""
    define_train(values)
    absl_flags.DEFINE_list("cores", [], "Cores to run on; none: all.", flag_values=values)
    absl_flags.DEFINE_multi_string(
        "evaluate", [], "Flags of `evaluate`, which measures the run.", flag_values=values
    )
