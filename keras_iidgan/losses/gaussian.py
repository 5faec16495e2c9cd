"""The Gaussian consistency losses by name, and the batch that each of them needs."""

import functools
import inspect
import warnings

from keras_iidgan.losses.divergences import kl_pq, kl_qp, p_norm, w2, w2_1d
from keras_iidgan.losses.moments import moments

__all__ = [
    "GAUSSIAN",
    "WITHOUT_MOMENTS",
    "check_batch",
    "gaussian_loss",
    "kl_pq",
    "kl_qp",
    "moments",
    "names",
    "p_norm",
    "w2",
    "w2_1d",
]

# Functions of the moments of a batch of codes.
GAUSSIAN = {"p_norm": p_norm, "w2": w2, "kl_pq": kl_pq, "kl_qp": kl_qp, "w2_1d": w2_1d}

# Known names that are no function of the moments: a network of its own with the losses of
# `adversarial` (IID-GAN, eq. 13-14), and no loss at all. The caller handles both.
WITHOUT_MOMENTS = ("z_discriminator", "none")


def names():
    """Every value that `gaussian` may take, those without moments last."""
    return (*GAUSSIAN, *WITHOUT_MOMENTS)


def gaussian_loss(name, **options):
    """The loss called `name`, as a function of the mean and the covariance of the codes.

    Args:
        name: a key of `GAUSSIAN`.
        options: keyword arguments of that loss, such as `p` of `p_norm` or `root` of `w2`.

    Returns:
        A function from `(mean [M], cov [M, M])` to a scalar.

    Raises:
        ValueError: `name` is unknown or has no function of the moments, or the loss does not
            take one of the options.
    """
    _check_name(name)
    if name in WITHOUT_MOMENTS:
        raise ValueError(
            f"name must be a loss on moments, one of {', '.join(GAUSSIAN)}; got {name!r}"
        )
    loss = GAUSSIAN[name]
    known = list(inspect.signature(loss).parameters)[2:]
    for option in options:
        if option not in known:
            raise ValueError(
                f"options of {name} must be among: {', '.join(known) or 'none'}; got {option!r}"
            )
    return functools.partial(loss, **options) if options else loss


def check_batch(name, batch_size, latent_dim):
    """Say it when a batch is too small for the covariance that a loss needs.

    With N <= M codes the covariance is singular: its log determinant, hence either divergence, is
    infinite; `w2` and `p_norm` stay finite but pull the codes towards too small a scale. Up to
    N = M + 2 `kl_pq` is finite on a batch, but has no finite mean: its inverse covariance hasn't.

    Args:
        name: one of `names()`.
        batch_size: N, the size of the global batch.
        latent_dim: M, the number of latent dimensions.

    Raises:
        ValueError: `name` is unknown, or it is a loss of moments and N = 1, or it is `kl_pq` or
            `kl_qp` and N <= M.

    Warns:
        UserWarning: `name` is `w2` or `p_norm` and N <= M, or it is `kl_pq` and N <= M + 2.
    """
    _check_name(name)
    if name in GAUSSIAN and batch_size < 2:
        raise ValueError(f"batch_size must be at least 2 for gaussian={name}; got {batch_size}")
    if name == "kl_pq" and latent_dim < batch_size <= latent_dim + 2:
        warnings.warn(
            f"gaussian=kl_pq has an infinite mean unless batch_size > latent_dim + 2;"
            f" got batch_size={batch_size}, latent_dim={latent_dim}",
            stacklevel=2,
        )
    if batch_size > latent_dim or name not in ("kl_pq", "kl_qp", "w2", "p_norm"):
        return
    message = (
        f"gaussian={name} needs batch_size > latent_dim for a covariance of full rank;"
        f" got batch_size={batch_size}, latent_dim={latent_dim}"
    )
    if name in ("kl_pq", "kl_qp"):
        raise ValueError(message)
    warnings.warn(f"{message}; w2_1d does not need it", stacklevel=2)


def _check_name(name):
    if name not in names():
        raise ValueError(f"gaussian must be one of {', '.join(names())}; got {name!r}")
