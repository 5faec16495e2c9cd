"""The contender: Keras' own `fit` on images, in the form that it chooses for convolutions."""

import conv_setting
import keras_fit


def make(variant):
    """Return a function that fits a number of steps."""
    del variant
    from keras_iidgan.training import pipeline

    model = conv_setting.model()
    batches = pipeline.batches(conv_setting.images(), conv_setting.BATCH_SIZE)

    def fit(steps):
        model.fit(batches, steps_per_epoch=steps, verbose=0, shuffle=False)

    return fit


versions = keras_fit.versions
