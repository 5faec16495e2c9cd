"""IID-GAN, its neighbours and its baselines in Keras; see README.md.

Importing the package is light; a method's class is imported when it is first named.
"""

import importlib

__version__ = "0.1.0"

_PUBLIC = {
    "AAE": "keras_iidgan.methods.aae",
    "BiGAN": "keras_iidgan.methods.bigan",
    "BuresGAN": "keras_iidgan.methods.bures_gan",
    "CGAN": "keras_iidgan.methods.cgan",
    "CollapseMonitor": "keras_iidgan.callbacks",
    "GAN": "keras_iidgan.methods.gan",
    "GANSI": "keras_iidgan.methods.gan_si",
    "GDPP": "keras_iidgan.methods.gdpp",
    "IIDCGAN": "keras_iidgan.methods.iid_cgan",
    "IIDGAN": "keras_iidgan.methods.iidgan",
    "IIDRegularizer": "keras_iidgan.regularizer",
    "IIDSNGAN": "keras_iidgan.methods.iid_sngan",
    "IIDWGANGP": "keras_iidgan.methods.iid_wgan_gp",
    "InvertGAN": "keras_iidgan.methods.invertgan",
    "LDMGAN": "keras_iidgan.methods.ldmgan",
    "MDGAN": "keras_iidgan.methods.mdgan",
    "MSGAN": "keras_iidgan.methods.msgan",
    "PacGAN": "keras_iidgan.methods.pacgan",
    "SIG": "keras_iidgan.methods.sig",
    "SNGAN": "keras_iidgan.methods.sngan",
    "UnrolledGAN": "keras_iidgan.methods.unrolled_gan",
    "VAE": "keras_iidgan.methods.vae",
    "VAEGAN": "keras_iidgan.methods.vaegan",
    "VAEGANPixel": "keras_iidgan.methods.vaegan_pixel",
    "VEEGAN": "keras_iidgan.methods.veegan",
    "WGANGP": "keras_iidgan.methods.wgan_gp",
    "WGANGPSI": "keras_iidgan.methods.wgan_gp_si",
}
__all__ = [*_PUBLIC, "__version__"]


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__():
    return sorted([*globals(), *_PUBLIC])
