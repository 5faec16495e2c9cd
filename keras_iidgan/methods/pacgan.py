"""PacGAN of Lin et al. (2018): a discriminator that judges several samples at once."""

import keras
import tensorflow as tf

from keras_iidgan import checks
from keras_iidgan.methods.gan import GAN


@keras.saving.register_keras_serializable("keras_iidgan")
class PacGAN(GAN):
    """A GAN whose discriminator sees packs of m samples, all real or all generated.

    A generator that has lost modes makes packs of lesser variety than the data's, which one sample
    can't show and a pack does. Nothing else changes.

    Objective:
        D: min  E[-log D(x_1, ..., x_m)] + E[-log(1 - D(G(z_1), ..., G(z_m)))]
        G: min  E[-log D(G(z_1), ..., G(z_m))]

    | paper | attribute |
    |---|---|
    | m | `pack` |
    | D | `discriminator` |

    Args:
        pack: m, the samples of a pack. Paper: 2, 3 or 4. The batch counts packs, so a step takes m
            times the rows: `--batch_size` counts them by itself, and `fit(x, batch_size=...)` and
            data sets of your own need batches of a multiple of m rows.
        discriminator: network from a pack, [B, ..., m * channels], to its logit [B, 1]: m samples
            side by side along the last axis.

    Reference:
        Lin, Khetan, Fanti, Oh, PacGAN: The Power of Two Samples in Generative Adversarial Networks,
        2018, section 2.

    Differences from the paper:
        Packs are rows of a shuffled epoch, so drawn without replacement. The networks are the
        project's own choice unless given, and only D's first layer grows with m, as in the paper.
    """

    def __init__(self, *, pack=2, **kwargs):
        checks.whole("pack", pack, 1)
        self.pack = pack  # Before the networks are built.
        super().__init__(**kwargs)

    def network_sizes(self, role):
        """Return the sizes of a network: the discriminator's data are m samples side by side."""
        sizes = super().network_sizes(role)
        if role == "discriminator":
            *space, channels = self.data_shape
            sizes["data_shape"] = (*space, self.pack * channels)
        return sizes

    def add_network(self, role, network=None):
        """Give the method a network, the discriminator one of packs."""
        expected = self.network_sizes(role)["data_shape"]
        if role == "discriminator" and network is not None and network.input_shape[1:] != expected:
            found = network.input_shape[1:]
            raise ValueError(f"{role} must take packs of shape {expected}; got {found}")
        super().add_network(role, network)

    def judge(self, x, batch):
        """Return D's logits [B, 1] of the packs of samples [B * m, *data_shape]."""
        return super().judge(packed(x, self.pack), batch)


def packed(x, pack):
    """Put each `pack` neighbouring rows side by side: [B * m, ..., C] -> [B, ..., m * C]."""
    *space, channels = x.shape[1:]
    x = tf.reshape(x, [-1, pack, *space, channels])
    # The pack's axis moves beside the channels: [B, ..., m, C].
    order = [0, *range(2, 2 + len(space)), 1, 2 + len(space)]
    return tf.reshape(tf.transpose(x, order), [-1, *space, pack * channels])


METHOD = PacGAN
