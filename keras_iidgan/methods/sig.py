"""SIG: a generator with noise on top has a likelihood, and maximises it."""

import keras
import numpy as np
import tensorflow as tf

from keras_iidgan import checks, losses, networks
from keras_iidgan.methods.base import Method, Turn


@keras.saving.register_keras_serializable("keras_iidgan")
class SIG(Method):
    """A semi-implicit generator: theta = G(z), and x drawn from an explicit p(x | theta).

    The likelihood of x is the mean of p(x | theta) over theta, and is maximised as that of M
    draws. There is no discriminator and nothing to win by leaving a mode out: data that no theta
    is near cost most.

    Objective:
        G: min  -E_x log 1/M sum_j p(x | G(z_j)),  z_1, ..., z_M ~ N(0, I)
        with p(x | theta) = N(x; theta, s^2 I), or for counts Poisson(x; theta)

    | paper | attribute |
    |---|---|
    | g_phi, T_phi | `generator` |
    | M | `mixture_draws` |
    | sigma | `scale` |

    `generate(z)` is theta. `sample` draws x ~ p(x | theta) of points, whose distribution is what
    the paper's toys and its table 1 measure, and is theta of images, which the paper shows. So is
    the signature `sample` of an exported model.

    Args:
        likelihood: `gaussian`, or `poisson` for counts.
        mixture_draws: M, shared by all data of the batch. The paper names 100 (CelebA), and more
            for data that are more complex.
        scale: s, of the Gaussian. Paper: 0.1 (toys). Where it is far below the distance of x to
            theta, only the nearest theta to each x learns: on the grid, after 20,000 steps of
            1,000 draws, 81 % of samples were good at a std and a scale of 0.1, and 4 % at 0.05.
        generator: network z [B, M_z] -> theta [B, *data_shape], with M_z the latent size. For
            `poisson` it has to end above 0; one that isn't given ends in softplus.

    Raises:
        ValueError: for `poisson` on images.

    Reference:
        Yin and Zhou, Semi-implicit generative model, 2018, eq. 6 and section 5. Its toys have a
        latent size of 10 and networks of two hidden layers, of 100 in table 1.

    Differences from the paper:
        How G's rates are kept above 0 isn't said. Under several replicas the draws of theta are
        shared by all of them.
    """

    roles = ("generator",)
    turns = (Turn("generator", updates=("generator",)),)

    def __init__(
        self, *, likelihood="gaussian", mixture_draws=100, scale=0.1, generator=None, **kwargs
    ):
        checks.one_of("likelihood", likelihood, losses.LIKELIHOODS)
        checks.whole("mixture_draws", mixture_draws, 1)
        checks.above("scale", scale, 0)
        self.likelihood = likelihood  # Before the base, which adds the networks.
        super().__init__(generator=generator, **kwargs)
        if likelihood == "poisson" and len(self.data_shape) > 1:
            raise ValueError("likelihood must be gaussian for images; got 'poisson'")
        self.mixture_draws, self.scale = mixture_draws, scale

    def build_network(self, role):
        """Build the network of `role`, which for `poisson` gives rates above 0."""
        network = super().build_network(role)
        return networks.positive(network) if self.likelihood == "poisson" else network

    def check_data(self, x):
        """Raise ValueError for data without a Poisson likelihood: others than 0, 1, 2, ..."""
        if self.likelihood == "poisson" and not (np.min(x) >= 0 and (x == np.round(x)).all()):
            raise ValueError(
                f"likelihood=poisson needs data that are counts; got values from {np.min(x):g} "
                f"to {np.max(x):g}"
            )

    def generator_loss(self, batch):
        """Make draws of theta under whose mixture the data are likely."""
        z = self.draw_shared(batch, [self.mixture_draws, self.latent_dim])
        theta = self.generator(z, training=True)
        options = {"likelihood": self.likelihood, "scale": self.scale}
        return {"cross_entropy": losses.semi_implicit_loss(batch.x, theta, **options)}

    # The public face.

    def sample(self, num_samples, seed=0):
        """Draw samples: float32 array [num_samples, *data_shape], the same for the same seed."""
        theta = super().sample(num_samples, seed)
        return theta if len(self.data_shape) > 1 else self._draw(theta, [seed, 1]).numpy()

    def observe(self, x, seeds):
        """Draw x ~ p(x | theta) of points [N, d], each by its own seed; images stay theta."""
        if len(self.data_shape) > 1:
            return x
        return tf.map_fn(
            lambda row: self._draw(row[0], tf.stack([row[1], 1])),
            (x, seeds),
            fn_output_signature=tf.TensorSpec(self.data_shape, tf.float32),
        )

    def _draw(self, theta, seed):
        options = {"likelihood": self.likelihood, "scale": self.scale}
        return losses.draw_observations(theta, seed, **options)

    def sample_chunks(self, num_samples, seed=0):
        """Yield the rows of `sample(num_samples, seed)` in bounded chunks."""
        if len(self.data_shape) > 1:
            yield from super().sample_chunks(num_samples, seed)
            return
        x = self.sample(num_samples, seed)
        for i in range(0, num_samples, self.chunk):
            yield x[i : i + self.chunk]


METHOD = SIG
