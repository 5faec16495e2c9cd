"""The flags of the examples."""

from absl import flags as absl_flags


def define_example(values):
    """Define the flags of `keras_iidgan.examples`."""
    whole = absl_flags.DEFINE_integer
    for define, name, default, said in (
        (whole, "steps", 10_000, "Training steps of either form."),
        (whole, "batch_size", 128, "Samples a step."),
        (whole, "latent_dim", 32, "M, the latent dimensions."),
        (whole, "eval_samples", 26_000, "Samples that modes are counted among."),
        (whole, "seeds", 1, "A number n is 0 to n - 1."),
        (whole, "train_size", 0, "Training samples; 0 takes the data set's own number."),
        (absl_flags.DEFINE_string, "out", None, "File that keeps the figures, as JSON."),
    ):
        define(name, default, said, flag_values=values)
