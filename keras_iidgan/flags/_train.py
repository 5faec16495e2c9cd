"""The flags of training, which comparisons pass on."""

from absl import flags as absl_flags

from keras_iidgan.flags._runs import REFINE_STEPS_HELP
from keras_iidgan.run_config import DISTRIBUTIONS, JIT, PRECISIONS


def train_flags():
    """Return (define, name, default, help) of each flag that a comparison may set for all runs."""
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
        (text, "optimizer", "adam", "adam or sgd; or by player, PLAYER:NAME@RATE,..."),
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
        *train_flags(),
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
        (
            absl_flags.DEFINE_integer,
            "monitor_every",
            0,
            "Steps between looks at what the model has lost, as --monitor_budget allows; 0: none.",
        ),
        (
            absl_flags.DEFINE_float,
            "monitor_budget",
            0.02,
            "Share of the training time that these looks may take; 0: any.",
        ),
        (
            absl_flags.DEFINE_integer,
            "stop_on_collapse",
            0,
            "Looks in a row that find it collapsed after which training stops; 0: it never does.",
        ),
        (boolean, "flip", False, "Mirror about half of the images, another half in every epoch."),
        (boolean, "export", True, "Export at the end."),
        (absl_flags.DEFINE_integer, "refine_steps", 50, REFINE_STEPS_HELP),
        (boolean, "dry_run", False, "Print configuration, networks and sizes; train nothing."),
    ):
        define(name, default, said, flag_values=values)
