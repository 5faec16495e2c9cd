"""IID-GAN's regulariser by itself: what to add to the generator's turn of any GAN."""

import dataclasses
import functools

from keras_iidgan import checks, losses
from keras_iidgan.training import replicas


@functools.cache  # A batch is warned of once, however often it is looked at.
def _check_batch(gaussian, batch_size, latent_dim):
    losses.check_batch(gaussian, batch_size, latent_dim)


@dataclasses.dataclass(frozen=True)
class IIDRegularizer:
    """Holds the codes F(x) of real data at N(0, I), and F at the inverse of G.

    Real data are IID. If G is complete and F inverts it, their codes F(x) are IID draws from
    N(0, I), so any other distribution of F(x) shows modes that G has lost, and is penalised.

    Objective, to be added to the loss of a turn that updates G and F:
        cycle_weight * (E|z - F(G(z))| + x_weight * E|x - G(F(x))|)
        + gaussian_weight * L_Gau(mean of F(x), covariance of F(x))

    | paper | attribute |
    |---|---|
    | l_re, l_Gau | `cycle_weight`, `gaussian_weight` |
    | lambda = d/M | `x_weight` |
    | L_Gau | `gaussian` |

    Args:
        gaussian: name of the Gaussian loss: `p_norm` (the paper's choice), `w2`, `kl_pq`, `kl_qp`,
            `w2_1d`, `z_discriminator` or `none`.
        cycle_weight: weight of both cycle terms. Paper: 3 (Stacked MNIST, CIFAR), 0.5 (MNIST).
        gaussian_weight: weight of the Gaussian loss. Paper: 3 (Stacked MNIST, CIFAR), 0.1 (MNIST).
        x_weight: weight of the x-cycle inside the cycle terms; `"auto"` weighs an error in a
            coordinate of x as one in a coordinate of z: d/M for means (paper), 1 for sums.
        cycle_norm: `l1` (paper, eq. 3), `l2` (InvertGAN) or `l2_squared`.
        reduction: `mean` or `sum` over dimensions; see `losses.cycle`.
        p: order of the p-norm. The paper doesn't print it; 2 is the only sane reading.
        w2_root: take the root of `w2`, as InvertGAN does.

    Raises:
        ValueError: for an unknown name or a weight out of range.

    Reference: IID-GAN, eq. 3 to 7 and 11 to 14.

    Differences from the paper:
        Cycle terms are means over dimensions, which makes lambda = d/M the equal weighting of sums
        divided by M. Under data parallelism mean and covariance are those of the global batch.
    """

    gaussian: str = "p_norm"
    cycle_weight: float = 3.0
    gaussian_weight: float = 3.0
    x_weight: float | str = "auto"
    cycle_norm: str = "l1"
    reduction: str = "mean"
    p: float = 2.0
    w2_root: bool = False

    def __post_init__(self):
        checks.one_of("gaussian", self.gaussian, losses.names())
        checks.one_of("cycle_norm", self.cycle_norm, losses.NORMS)
        checks.one_of("reduction", self.reduction, losses.REDUCTIONS)
        checks.at_least("cycle_weight", self.cycle_weight, 0)
        checks.at_least("gaussian_weight", self.gaussian_weight, 0)
        checks.at_least("p", self.p, 1)
        checks.boolean("w2_root", self.w2_root)
        if self.p != 2 and self.gaussian != "p_norm":
            raise ValueError(f"p is of gaussian=p_norm alone; got {self.p} and {self.gaussian}")
        if self.x_weight != "auto":
            checks.at_least("x_weight", self.x_weight, 0)

    def terms(
        self,
        *,
        x,
        z,
        x_fake,
        generator,
        encoder,
        latent_discriminator=None,
        z_scale=1.0,
        x_scale=1.0,
    ):
        """Return the weighted terms as a dict of scalars.

        Args:
            x: real data [B, *shape].
            z: codes [B, M].
            x_fake: `generator(z)`, [B, *shape], made under the same tape.
            generator: callable z -> x.
            encoder: callable x -> z.
            latent_discriminator: callable z -> logit, for `gaussian="z_discriminator"`; it
                needs a turn of its own, on `latent_discriminator_loss`.
            z_scale: factor on the z-cycle, for schedules.
            x_scale: factor on the x-cycle, for schedules.

        Returns:
            `z_cycle` and `x_cycle` (gradient to G and F) and `gaussian` (gradient to F alone),
            without the terms of weight 0.

        Raises:
            ValueError: if the batch, where its size is known, is too small for the Gaussian loss
                (of one that is small it warns), or the `latent_discriminator` is missing.
        """
        self._check(x, z, latent_discriminator)
        z_real = encoder(x)
        cycles = {}
        if self.cycle_weight:
            cycles = self.cycles(
                (z, encoder(x_fake)), (x, generator(z_real)), z_scale=z_scale, x_scale=x_scale
            )
        return cycles | self.gaussian_term(z_real, latent_discriminator)

    def cycles(self, z_pair, x_pair, *, z_scale=1.0, x_scale=1.0):
        """Return the weighted cycle terms of codes and data that have gone there and back.

        Args:
            z_pair: codes z and F(G(z)), [B, M] each.
            x_pair: data x and G(F(x)), [B, *shape] each.
            z_scale: as of `terms`.
            x_scale: as of `terms`.
        """
        x_weight = self._resolved_x_weight(x_pair[0], z_pair[0])
        return {
            "z_cycle": self.cycle_weight * z_scale * self._cycle(*z_pair),
            "x_cycle": self.cycle_weight * x_scale * (x_weight * self._cycle(*x_pair)),
        }

    def gaussian_term(self, z_real, latent_discriminator=None, groups=None):
        """Return the weighted Gaussian loss of codes, a dict that is empty where it has no weight.

        Args:
            z_real: codes F(x) of real data, [B, M].
            latent_discriminator: as of `terms`.
            groups: one-hot rows [B, K]: the loss is then that of each group's own codes, weighted
                by the group's share; None takes the batch as one.
        """
        if not self.gaussian_weight or self.gaussian == "none":
            return {}
        value = self._gaussian_loss(z_real, latent_discriminator, groups)
        return {"gaussian": self.gaussian_weight * value}

    def latent_discriminator_loss(self, latent_discriminator, z, z_real):
        """Return the loss of the z-discriminator's turn, which updates it and nothing else.

        Formula: E_z[-log D_z(z)] + E_x[-log(1 - D_z(F(x)))], IID-GAN's eq. 13.

        Args:
            latent_discriminator: callable z -> logit.
            z: draws of N(0, I), [B, M].
            z_real: codes F(x) of real data, [B, M].
        """
        return losses.discriminator_loss(latent_discriminator(z), latent_discriminator(z_real))

    def _check(self, x, z, latent_discriminator):
        if not self.gaussian_weight:
            return
        if self.gaussian == "z_discriminator" and latent_discriminator is None:
            raise ValueError(
                "latent_discriminator must be a network z -> logit for gaussian=z_discriminator; "
                "got None"
            )
        if x.shape[0]:
            _check_batch(self.gaussian, x.shape[0] * replicas.count(), z.shape[-1])

    def _cycle(self, values, rebuilt):
        return losses.cycle(values, rebuilt, norm=self.cycle_norm, reduction=self.reduction)

    def _resolved_x_weight(self, x, z):
        if self.x_weight != "auto":
            return self.x_weight
        if self.reduction == "sum":
            return 1.0
        return losses.x_weight(x.shape[1:], z.shape[-1], self.cycle_norm)

    def _gaussian_loss(self, z_real, latent_discriminator, groups):
        if self.gaussian == "z_discriminator":
            return losses.generator_loss(latent_discriminator(z_real))
        all_reduce = replicas.all_reduce_sum if replicas.count() > 1 else None
        options = {"p_norm": {"p": self.p}, "w2": {"root": self.w2_root}}
        loss = losses.gaussian_loss(self.gaussian, **options.get(self.gaussian, {}))
        if groups is not None:
            return losses.grouped(loss, z_real, groups, all_reduce=all_reduce)
        return loss(*losses.moments(z_real, all_reduce=all_reduce))

    def floor(self, batch_size, latent_dim):
        """Return the weighted Gaussian loss that exact N(0, I) codes have on average.

        Args:
            batch_size: N, the global batch.
            latent_dim: M.
        """
        _check_batch(self.gaussian, batch_size, latent_dim)
        options = {"p": self.p, "root": self.w2_root}
        floor = losses.small_batch_floor(self.gaussian, batch_size, latent_dim, **options)
        return self.gaussian_weight * floor
