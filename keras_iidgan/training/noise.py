"""The noise of training: a function of the seed, the step and the number of the draw alone."""

import tensorflow as tf

from keras_iidgan.training import replicas


class Noise:
    """Draws for the losses of a model that has the attributes `latent_dim`, `seed` and `step`."""

    def draw_latents(self, batch):
        """Draw fresh codes for a loss: [B, M] from N(0, I), a function of seed, step and call."""
        return self.draw_normal(batch, [self.latent_dim])

    def draw_normal(self, batch, shape):
        """Draw N(0, 1) for a loss: [B, *shape], a function of seed, step and call."""
        rows = batch.x.shape[0] or tf.shape(batch.x)[0]
        return replicas.local_normal([rows, *shape], self._next_seed(batch))

    def draw_shared(self, batch, shape):
        """Draw N(0, 1) of `shape` for a loss: one draw for the whole batch and all replicas."""
        return replicas.shared_normal(shape, self._next_seed(batch))

    def _next_seed(self, batch):
        first = tf.constant(self.seed * 1009 + next(batch.draws), tf.int64)
        return tf.stack([first, tf.convert_to_tensor(self.step)])
