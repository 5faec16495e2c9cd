"""The contender: Keras' own `fit`, prepared as `keras_iidgan.train` prepares it."""

import setting


def make(variant):
    """Return a function that fits a number of steps, `steps_per_execution` at a time."""
    del variant
    from keras_iidgan import session

    run = session.prepare(setting.config())
    batches = run.batches(0)

    def fit(steps):
        run.model.fit(batches, steps_per_epoch=steps, verbose=0, shuffle=False)

    return fit


def versions():
    import keras
    import tensorflow as tf

    return {"keras": keras.__version__, "tensorflow": tf.__version__}
