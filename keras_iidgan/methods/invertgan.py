"""InvertGAN: the first version of IID-GAN, with unweighted L2 terms."""

import keras

from keras_iidgan.methods.iidgan import IIDGAN


@keras.saving.register_keras_serializable("keras_iidgan")
class InvertGAN(IIDGAN):
    """IID-GAN's objective with every weight 1, L2 cycle norms and the root of the W2 distance.

    Objective:
        D:    min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))]
        G, F: min  E_z[-log D(G(z))] + E||z - F(G(z))||_2 + E||x - G(F(x))||_2
                   + W2(N(mu, S), N(0, I))

    Args:
        gaussian: the paper compares `w2`, `kl_pq`, `p_norm` and `z_discriminator`.
        cycle_weight: 1, as printed.
        gaussian_weight: 1, as printed.
        x_weight: 1, as printed.
        cycle_norm: `l2`, as printed.
        reduction: `sum` over dimensions, which makes `l2` the Euclidean norm.
        w2_root: true, as printed.

    Reference:
        InvertGAN, eq. 5, 6 and 10.

    Differences from the paper:
        Non-saturating adversarial loss.
    """

    def __init__(
        self,
        *,
        gaussian="w2",
        cycle_weight=1.0,
        gaussian_weight=1.0,
        x_weight=1.0,
        cycle_norm="l2",
        reduction="sum",
        w2_root=True,
        **kwargs,
    ):
        super().__init__(
            gaussian=gaussian,
            cycle_weight=cycle_weight,
            gaussian_weight=gaussian_weight,
            x_weight=x_weight,
            cycle_norm=cycle_norm,
            reduction=reduction,
            w2_root=w2_root,
            **kwargs,
        )


METHOD = InvertGAN
