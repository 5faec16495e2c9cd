"""The mixin for generators that learn from the features of the discriminator."""

import tensorflow as tf

from keras_iidgan import checks, networks
from keras_iidgan.training import replicas


class FeatureTerms:
    """Adds terms of D's features of real and generated samples to a GAN's generator turn.

    The class it is mixed into gives `feature_terms(real_features, fake_features)`, a dict of
    weighted terms. Both features are those of the global batch, gathered over all replicas, so
    that N replicas give the loss and the gradients of one. D sees real data in the generator's turn
    too, which moves the statistics of a BatchNorm in it.

    Only the generator's turn learns from these terms, so only G does: D is no player in it, and
    features of real data are constants there.

    Args:
        adversarial_weight: weight of the generator's adversarial term.
        discriminator: network x [B, *data_shape] -> logit [B, 1], a functional model. Its features
            are what its last layer with weights sees.
    """

    def __init__(self, *, adversarial_weight=0.5, **kwargs):
        checks.at_least("adversarial_weight", adversarial_weight, 0)
        super().__init__(**kwargs)
        self.adversarial_weight = adversarial_weight
        self._featured = networks.featured(self.discriminator)

    def generator_loss(self, batch):
        """Fool the discriminator, and match the features of real data under it."""
        x_fake = self.fake(self.draw_latents(batch), batch)
        fake_features, fake_logits = self.featured(x_fake, batch)
        real_features, _ = self.featured(batch.x, batch)
        terms = self.feature_terms(
            replicas.all_gather(tf.stop_gradient(real_features)),
            replicas.all_gather(fake_features),
        )
        adversarial = self.generator_value(fake_logits)
        return {"adversarial": self.adversarial_weight * adversarial} | terms

    def _suits_xla(self):
        # XLA decomposes a kernel of 256 rows 50 times slower on a CPU than TensorFlow itself.
        return super()._suits_xla() and bool(tf.config.list_logical_devices("GPU"))

    def featured(self, x, batch):
        """Return D's features [B, K] and logits [B, 1] of samples seen through instance noise."""
        return self._featured(self.with_noise(x, batch), training=True)
