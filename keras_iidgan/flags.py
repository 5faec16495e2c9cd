"""Every flag of every command: this is the only module that defines absl flags."""

from absl import flags as absl_flags

from keras_iidgan.run_config import DISTRIBUTIONS, JIT, PRECISIONS


def _train_flags():
    text, whole, real = (
        absl_flags.DEFINE_string,
        absl_flags.DEFINE_integer,
        absl_flags.DEFINE_float,
    )
    return [
        (text, "method", "iidgan", "The method: a file name in keras_iidgan/methods."),
        (text, "dataset", "ring", "The data set."),
        (text, "std", None, "Width of the synthetic modes: a preset of the data set or a number."),
        (text, "data_dir", None, "A TensorFlow Datasets directory, or a folder of pictures."),
        (whole, "image_size", 0, "Height of the images, where there is a choice; 0: the usual."),
        (whole, "train_size", 0, "Training samples; 0 takes the data set's own number."),
        (whole, "latent_dim", 0, "M, the latent dimensions; 0: 2 for points, else the networks'."),
        (text, "architecture", "auto", "Networks; auto chooses by the shape of the data."),
        (whole, "steps", 40000, "Training steps; the generator moves once a step."),
        (whole, "batch_size", 128, "Samples (packs, in pacgan) a move, over all replicas."),
        (whole, "eval_every", 2000, "Steps between evaluations, pictures and checkpoints."),
        (whole, "eval_samples", 0, "Samples per evaluation; 0 takes the papers' number."),
        (whole, "mode_threshold", 1, "Good samples that make a mode count as covered."),
        (real, "learning_rate", 1e-3, "Adam's learning rate at step 0."),
        (text, "optimizer", "adam", "adam or sgd, or by player: generator:sgd,discriminator:adam."),
        (real, "beta_1", 0.5, "Adam's beta_1."),
        (real, "beta_2", 0.999, "Adam's beta_2."),
        (
            text,
            "lr_schedule",
            "constant",
            "constant; cosine:RATE or exponential:RATE, which fall from --learning_rate to RATE at "
            "the end (0, or a thousandth, if left out); or exponential:RATE@SHARE,...,RATE, which "
            "has reached each rate at that share of the run, as in exponential:1e-3@0.2,1e-5.",
        ),
        (real, "ema", 0.0, "Decay of the moving average of G that samples come from; 0: none."),
        (whole, "seed", 0, "Seed of data, initial weights and noise."),
        (text, "mixed_precision", "none", f"One of {', '.join(PRECISIONS)}."),
        (text, "distribution", "auto", f"One of {', '.join(DISTRIBUTIONS)}."),
        (text, "jit_compile", "auto", f"XLA: one of {', '.join(JIT)}."),
        (whole, "steps_per_execution", 0, "Steps in a call; divides --eval_every and --steps."),
        (text, "runs_dir", "runs", "Parent folder of numbered run folders."),
        (text, "run_dir", None, "Exactly this run folder, instead of a numbered one."),
        (text, "export_dir", None, "Folder of servable versions; saved_models/METHOD_DATASET."),
    ]


def define_train(values):
    """Define the flags of `keras_iidgan.train`."""
    boolean = absl_flags.DEFINE_bool
    for define, name, default, said in (
        *_train_flags(),
        (
            absl_flags.DEFINE_multi_string,
            "hparam",
            [],
            "name=value of a hyperparameter of the method; repeatable.",
        ),
        (
            boolean,
            "resume",
            None,
            "Continue an unfinished run: by default where the same configuration was stopped; "
            "--resume insists on it, --noresume starts afresh.",
        ),
        (boolean, "flip", False, "Mirror about half of the images, another half in every epoch."),
        (boolean, "export", True, "Export at the end."),
        (boolean, "dry_run", False, "Print configuration, networks and sizes; train nothing."),
    ):
        define(name, default, said, flag_values=values)


def define_export(values):
    """Define the flags of `keras_iidgan.export`."""
    absl_flags.DEFINE_string("run", None, "A run folder.", flag_values=values)
    absl_flags.DEFINE_string("export_dir", None, "Folder of versions.", flag_values=values)


def define_evaluate(values):
    """Define the flags of `keras_iidgan.evaluate`."""
    text, whole = absl_flags.DEFINE_string, absl_flags.DEFINE_integer
    for define, name, default, said in (
        (text, "run", None, "A run folder."),
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
    absl_flags.DEFINE_string("run", None, "A run folder.", flag_values=values)
    absl_flags.DEFINE_string(
        "out", None, "Folder of the pictures; RUN/drawn by default.", flag_values=values
    )
    absl_flags.DEFINE_integer("seed", 0, "Seed of the codes.", flag_values=values)


# What a comparison sets itself, run by run.
_OF_COMPARE = {"method", "dataset", "seed", "runs_dir", "run_dir", "export_dir"}


def passed_on():
    """Return the names of the flags of `train` that `compare` passes on to all of its runs."""
    names = [name for _, name, _, _ in _train_flags() if name not in _OF_COMPARE]
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
    for define, name, _, said in _train_flags():
        if name not in _OF_COMPARE:
            define(name, None, f"Of all runs: {said}", flag_values=values)


def define_work(values):
    """Define the flags of a run of a comparison."""
    define_train(values)
    absl_flags.DEFINE_list("cores", [], "Cores to run on; none: all.", flag_values=values)
    absl_flags.DEFINE_multi_string(
        "evaluate", [], "Flags of `evaluate`, which measures the run.", flag_values=values
    )


def define_serve(values):
    """Define the flags of `keras_iidgan.serve`."""
    text = absl_flags.DEFINE_string
    text("model", None, "Folder with one sub-folder a version.", flag_values=values)
    text("model_name", None, "Name in the URL; the folder's by default.", flag_values=values)
    text("host", "127.0.0.1", "Address to listen on.", flag_values=values)
    absl_flags.DEFINE_integer(
        "rest_api_port", 8501, "Port of the REST interface; 0 takes a free one.", flag_values=values
    )
