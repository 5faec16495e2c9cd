"""Trains an example with and without our part, in turns, and says what it changed and cost."""

import pathlib
import statistics
import time

from keras_iidgan.cli import UsageError
from keras_iidgan.files import to_json, write_atomically

ROUNDS = 10
FORMS = {"as it was": False, "with IIDRegularizer": True}


def run(make, values):
    """Train both forms on stacked digits with each seed, print the figures and keep them.

    Args:
        make: a function (latent_dim, seed, iid) -> a compiled model that has `fit` and `sample(n)`,
            where `iid` says whether our part is in.
        values: parsed flags of `flags.define_example`.

    Raises:
        UsageError: for a flag out of its range.
    """
    _check(values)
    from keras_iidgan import data as datasets

    found = []
    for seed in range(values.seeds):
        data = datasets.load("stacked_digits", seed=seed, size=values.train_size or None)
        found.append(_one(make, values, data, seed))
        for line in lines(found[-1]):
            print(line)
    if values.out:
        write_atomically(pathlib.Path(values.out), to_json(_kept(values, found), indent=1) + "\n")
    return 0


def _check(values):
    for name, least in {
        "steps": ROUNDS,
        "batch_size": 2,
        "latent_dim": 1,
        "eval_samples": 1,
        "seeds": 1,
        "train_size": 0,
    }.items():
        if values[name].value < least:
            raise UsageError(f"--{name} must be at least {least}; got {values[name].value}")


def _one(make, values, data, seed):
    """Train both forms in rounds, in which they take turns, and measure them."""
    models = {form: make(values.latent_dim, seed, iid) for form, iid in FORMS.items()}
    # Of one seed each, so that both see the same batches.
    streams = {form: batches(data.train, values.batch_size, seed) for form in FORMS}
    seconds = {form: [] for form in FORMS}
    for number in range(ROUNDS):
        steps = values.steps // ROUNDS + (number < values.steps % ROUNDS)
        # What disturbs the machine disturbs both; and neither is always the first.
        for form in list(FORMS)[:: 1 if number % 2 else -1]:
            begin = time.perf_counter()
            models[form].fit(streams[form], steps_per_epoch=steps, shuffle=False, verbose=0)
            seconds[form].append((time.perf_counter() - begin) / steps)
    figures = {form: measured(model, data, values.eval_samples) for form, model in models.items()}
    return {"seed": seed, **figures, "seconds_per_step": seconds, "ratio": ratio(seconds)}


def batches(x, batch_size, seed):
    """Return an endless data set of batches of one size."""
    import tensorflow as tf

    rows = tf.data.Dataset.from_tensor_slices(x).shuffle(len(x), seed=seed).repeat()
    return rows.batch(batch_size, drop_remainder=True)


def measured(model, data, samples):
    """Return the modes that samples of a model cover, their quality and their divergence."""
    from keras_iidgan import metrics

    found = data.assign(model.sample(samples))
    figures = metrics.mode_metrics(
        found.mode, found.good, data.num_modes, mode_weights=data.mode_weights
    )
    names = ("modes_covered", "modes_assigned", "high_quality", "kl", "samples")
    return {name: figures[name] for name in names}


def ratio(seconds):
    """Return median, least and largest of the rounds' ratios; the first round compiles."""
    before, after = (seconds[form][1:] for form in FORMS)
    ratios = [b / a for a, b in zip(before, after, strict=True)]
    return {"median": statistics.median(ratios), "min": min(ratios), "max": max(ratios)}


def lines(found):
    """Yield what is said of one seed."""
    yield f"seed {found['seed']}"
    for form in FORMS:
        figures = found[form]
        yield (
            f"  {form:20s} modes covered {figures['modes_covered']:.0f}, high quality "
            f"{figures['high_quality']:.1%}, KL {figures['kl']:.3f}"
        )
    cost = found["ratio"]
    yield f"  a step takes {cost['median']:.2f} times as long ({cost['min']:.2f} to " + (
        f"{cost['max']:.2f} over {ROUNDS - 1} rounds)"
    )


def _kept(values, found):
    import keras
    import tensorflow as tf

    names = ("steps", "batch_size", "latent_dim", "eval_samples", "train_size")
    return {
        **{name: values[name].value for name in names},
        "rounds": ROUNDS,
        "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
        "runs": found,
    }
