"""Conditional IID-GAN: the codes of all classes together must be IID draws from N(0, I)."""

import keras
import numpy as np
import tensorflow as tf
from scipy import special

from keras_iidgan import checks, losses
from keras_iidgan.methods._face import in_chunks
from keras_iidgan.methods._iid_terms import IIDTerms
from keras_iidgan.methods.cgan import CGAN


@keras.saving.register_keras_serializable("keras_iidgan")
class IIDCGAN(IIDTerms, CGAN):
    """A conditional GAN with an encoder that finds code and class: F(x) -> (z, class logits).

    Objective, with (z~, l~) = F(G(z, c)), (z', l') = F(x), and CE the cross-entropy:
        D:    min  E_(x,c)[-log D(x, c)] + E_(z,c)[-log(1 - D(G(z, c), c))]
        G, F: min  E_(z,c)[-log D(G(z, c), c)]
                   + l_re (E|z - z~| + label_weight CE(c, l~) + lambda E|x - G(z', softmax(l'))|)
                   + l_Gau L_Gau(z')
        label_loss="l2" is the literal text: E||[z; c] - [z~; softmax(l~)]||_2 for the first two.

    | paper | attribute |
    |---|---|
    | F | `encoder` |
    | D_z | `latent_discriminator` |
    | l_re, l_Gau, lambda | `cycle_weight`, `gaussian_weight`, `x_weight` |

    Args:
        label_loss: `cross_entropy`, or `l2` as printed.
        label_weight: weight of the cross-entropy inside the cycle terms.
        true_labels: rebuild x by its true class instead of the one that F finds.
        per_class: hold the codes of each class at N(0, I) by themselves. By default all classes
            together, which also keeps code and class independent: a class apart shifts the whole.
        encoder: network x [B, *data_shape] -> (z [B, M], class logits [B, K]).

    G learns from the adversarial term, both cycles and the label term; F from both cycles, the
    label term and L_Gau.

    Reference:
        IID-GAN, eq. 15 and 16 and appendix C; "F performs classification", section 4.3.

    Differences from the paper:
        As of IIDGAN. Cross-entropy for the class, whose printed L2 norm with the code mixes their
        units. The class that F finds is a share for every class, not a hard choice.
    """

    def __init__(
        self,
        *,
        label_loss="cross_entropy",
        label_weight=1.0,
        true_labels=False,
        per_class=False,
        **kwargs,
    ):
        checks.one_of("label_loss", label_loss, losses.LABEL_LOSSES)
        checks.at_least("label_weight", label_weight, 0)
        checks.boolean("true_labels", true_labels)
        checks.boolean("per_class", per_class)
        if per_class and kwargs.get("gaussian") == "z_discriminator":
            raise ValueError("per_class is of losses of moments; got gaussian=z_discriminator")
        super().__init__(**kwargs)
        self.label_loss, self.label_weight = label_loss, label_weight
        self.true_labels, self.per_class = true_labels, per_class

    def generator_loss(self, batch):
        """Fool the discriminator, invert and be inverted, and keep F's codes at N(0, I)."""
        z, c = self.draw_latents(batch), self.classes(batch)
        x_fake = self.fake(z, batch)
        z_real, real_logits = self.encoder(batch.x, training=True)
        terms = self.adversarial_terms(x_fake, batch)
        if self.cycle_weight:
            z_back, logits = self.encoder(x_fake, training=True)
            found = c if self.true_labels else tf.nn.softmax(real_logits)
            x_back = self.generator([z_real, found], training=True)
            terms |= self._cycles((z, z_back), (c, logits), (batch.x, x_back))
        groups = c if self.per_class else None
        return terms | self.regularizer.gaussian_term(z_real, self.latent_discriminator, groups)

    def _cycles(self, z_pair, c_pair, x_pair):
        z_scale = self._cycle_scale(self.z_cycle_decay)
        x_scale = self._cycle_scale(self.x_cycle_decay)
        c, logits = c_pair
        terms = self.regularizer.cycles(z_pair, x_pair, z_scale=z_scale, x_scale=x_scale)
        if self.label_loss == "cross_entropy":
            if self.label_weight:
                weight = self.cycle_weight * self.label_weight
                terms["label"] = weight * losses.label_loss(c, logits)
            return terms
        joined = [
            tf.concat([z, shares], axis=1)
            for z, shares in zip(z_pair, (c, tf.nn.softmax(logits)), strict=True)
        ]
        distance = losses.cycle(*joined, norm="l2", reduction="sum")
        return terms | {"z_cycle": self.cycle_weight * z_scale * distance}

    def encode_codes(self, x):
        """Return the code part of F(x), [B, M], in training."""
        return self.encoder(x, training=True)[0]

    # The public face.

    def classify(self, x):
        """Map samples [B, *data_shape] to class probabilities: float32 array [B, K]."""
        return special.softmax(in_chunks(self.chunk, self.encoder, x)[1], axis=-1)

    def reconstruct(self, x):
        """Map samples [B, *data_shape] to their codes and classes, and back."""
        z, logits = in_chunks(self.chunk, self.encoder, x)
        return self.generate(z, np.argmax(logits, axis=-1))


METHOD = IIDCGAN
