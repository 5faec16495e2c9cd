"""IID-GAN, its neighbours and its baselines in Keras; see README.md."""

__version__ = "0.1.0"
