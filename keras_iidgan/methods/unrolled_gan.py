"""The unrolled GAN of Metz et al. (2017): a generator that foresees the discriminator's answer."""

import keras
import tensorflow as tf

from keras_iidgan import checks
from keras_iidgan.methods.gan import GAN
from keras_iidgan.training import lookahead, replicas


@keras.saving.register_keras_serializable("keras_iidgan")
class UnrolledGAN(GAN):
    """A GAN whose generator plays against the discriminator of k updates later.

    A generator that gathers on one mode fools today's D, and not the D that has had the time to
    answer. G's loss is that of D after k updates that are imagined, not made, and is differentiated
    through them: through what G's samples would teach D.

    Objective, with D_0 = D and D_(i+1) = D_i after an update on V, its own loss:
        D: min  V(D, G) = E_x[-log D(x)] + E_z[-log(1 - D(G(z)))]
        G: min  -V(D_k, G)        (saturating; non-saturating: E_z[-log D_k(G(z))])

    | paper | attribute |
    |---|---|
    | k | `unroll_steps` |
    | f | -V |
    | eta, Adam | `optimizers["discriminator"]` |

    Args:
        adversarial: `saturating`, as printed, or `non_saturating`.
        unroll_steps: k. Paper: 5 or 10 for points, 1 to 10 for images. 0 is a `gan` of the same
            `adversarial`, exactly.
        first_order: take the imagined updates for constants: the gradient then lacks the part that
            goes through what D learns from G's samples, and costs half. It is not the paper's.

    All updates are imagined on the samples of G's turn, as Adam makes them from its state of now:
    moments, count and learning rate, none of which is touched.

    Reference:
        Metz et al., Unrolled Generative Adversarial Networks, 2017, eq. 7 to 11; section 2.

    Differences from the paper:
        D moves first in a step, as in `gan`, and G after it; the authors move both at once.
        Where D has BatchNorm its imagined passes don't move the kept statistics.
    """

    def __init__(self, *, adversarial="saturating", unroll_steps=5, first_order=False, **kwargs):
        checks.whole("unroll_steps", unroll_steps, 0)
        checks.boolean("first_order", first_order)
        super().__init__(adversarial=adversarial, **kwargs)
        self.unroll_steps, self.first_order = unroll_steps, first_order

    def compile(self, optimizer=None, **kwargs):
        """Configure training; the discriminator's optimizer must be a plain Adam.

        Raises:
            ValueError: for another optimizer, whose updates can't be imagined.
        """
        super().compile(optimizer, **kwargs)
        if self.unroll_steps:
            lookahead.check("discriminator", self.optimizers["discriminator"])

    def adversarial_terms(self, x_fake, batch):
        """Return the generator's adversarial term against D_k for samples [B, *data_shape]."""
        if not self.unroll_steps:
            return super().adversarial_terms(x_fake, batch)
        # What is constant for G isn't differentiated twice.
        seen = tf.stop_gradient(x_fake) if self.first_order else x_fake
        weights = self._unrolled(seen, batch)
        if self.first_order:
            weights = [tf.stop_gradient(w) for w in weights]
        with self._discriminator_of(weights):
            if self.adversarial == "non_saturating":
                return super().adversarial_terms(x_fake, batch)
            return {"adversarial": -self._game(x_fake, batch)}

    def _game(self, x_fake, batch):
        """Return V, a scalar, of generated samples [B, *data_shape] and the real ones."""
        real_logits, fake_logits = self.logits(batch.x, batch), self.logits(x_fake, batch)
        return self.discriminator_value(real_logits, fake_logits)

    def _unrolled(self, x_fake, batch):
        """Return the weights of D_k, a list of tensors."""
        variables = self.discriminator.trainable_variables
        state = lookahead.Adam.of(self.optimizers["discriminator"], variables)
        weights = [tf.convert_to_tensor(v) for v in variables]
        for _ in range(self.unroll_steps):
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(weights)
                with self._discriminator_of(weights):
                    # D's optimizer sums over replicas too: the update is that of the global batch.
                    loss = self._game(x_fake, batch) / replicas.count()
            gradients = replicas.all_reduce_sum(tape.gradient(loss, weights))
            weights, state = state.step(weights, gradients)
        return weights

    def _discriminator_of(self, weights):
        """Return a context in which D has other weights, and nothing that it does is kept."""
        variables = self.discriminator.trainable_variables
        return keras.StatelessScope(list(zip(variables, weights, strict=True)))


METHOD = UnrolledGAN
