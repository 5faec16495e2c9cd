"""IID-GAN, its neighbours and its baselines in Keras; see README.md.

Importing the package is light; a method's class is imported when it is first named.
"""

import importlib

__version__ = "0.1.0"

_PUBLIC = {
    "CGAN": "keras_iidgan.methods.cgan",
    "GAN": "keras_iidgan.methods.gan",
    "IIDCGAN": "keras_iidgan.methods.iid_cgan",
    "IIDGAN": "keras_iidgan.methods.iidgan",
    "IIDRegularizer": "keras_iidgan.regularizer",
    "IIDSNGAN": "keras_iidgan.methods.iid_sngan",
    "IIDWGANGP": "keras_iidgan.methods.iid_wgan_gp",
    "InvertGAN": "keras_iidgan.methods.invertgan",
    "PacGAN": "keras_iidgan.methods.pacgan",
    "SNGAN": "keras_iidgan.methods.sngan",
    "UnrolledGAN": "keras_iidgan.methods.unrolled_gan",
    "WGANGP": "keras_iidgan.methods.wgan_gp",
}
__all__ = [*_PUBLIC, "__version__"]


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__():
    return sorted([*globals(), *_PUBLIC])
