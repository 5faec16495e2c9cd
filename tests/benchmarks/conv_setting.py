"""What the contenders of the convolutional contest train: IID-GAN on small colour images."""

import numpy as np
import setting  # noqa: F401  It makes the package importable.

SHAPE = (28, 28, 3)
LATENT_DIM = 32
BATCH_SIZE = 64
ARCHITECTURE = "dcgan_s"
RATE, BETAS = 2e-4, (0.5, 0.999)
CYCLE_WEIGHT, GAUSSIAN_WEIGHT = 0.5, 0.1


def images(count=10_000):
    """Noise in the place of images, which take as long: uint8 [count, *SHAPE]."""
    return np.random.default_rng(0).integers(0, 256, (count, *SHAPE), np.uint8)


def model():
    """Return our IID-GAN, compiled as the command line compiles it."""
    import keras

    from keras_iidgan import methods, session

    keras.utils.set_random_seed(0)
    made = methods.create(
        "iidgan",
        data_shape=SHAPE,
        latent_dim=LATENT_DIM,
        architecture=ARCHITECTURE,
        cycle_weight=CYCLE_WEIGHT,
        gaussian_weight=GAUSSIAN_WEIGHT,
    )
    made.compile(keras.optimizers.Adam(RATE, *BETAS))
    made.steps_per_execution = session.steps_per_call(made)
    return made


def described():
    """Say what is trained, for the report."""
    return {
        "batch_size": BATCH_SIZE,
        "images": list(SHAPE),
        "architecture": ARCHITECTURE,
        "latent_dim": LATENT_DIM,
    }
