"""IID-GAN, its neighbours and its baselines in Keras; see README.md.

Importing the package is light; a method's class is imported when it is first named.
"""

import importlib

__version__ = "0.1.0"

_PUBLIC = {
    "AAE": "keras_iidgan.methods.aae",
    "BiGAN": "keras_iidgan.methods.bigan",
    "CGAN": "keras_iidgan.methods.cgan",
    "GAN": "keras_iidgan.methods.gan",
    "IIDCGAN": "keras_iidgan.methods.iid_cgan",
    "IIDGAN": "keras_iidgan.methods.iidgan",
    "InvertGAN": "keras_iidgan.methods.invertgan",
    "IIDRegularizer": "keras_iidgan.regularizer",
    "LDMGAN": "keras_iidgan.methods.ldmgan",
    "VAE": "keras_iidgan.methods.vae",
    "VAEGAN": "keras_iidgan.methods.vaegan",
    "VAEGANPixel": "keras_iidgan.methods.vaegan_pixel",
    "VEEGAN": "keras_iidgan.methods.veegan",
}
__all__ = [*_PUBLIC, "__version__"]


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__():
    return sorted([*globals(), *_PUBLIC])
