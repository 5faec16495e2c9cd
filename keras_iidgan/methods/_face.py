"""What callbacks, export, serving and users see of a method: sampling and inverting."""

import math

import numpy as np
import tensorflow as tf

CHUNK = 8192
_VALUES = 1 << 19  # Of samples at a time: networks take some hundred times the memory.


class Face:
    """Samples and inverts with the networks of a `Method`, from arrays to arrays."""

    def call(self, z):
        """Return `G(z)` [B, *data_shape] for `z` [B, M]."""
        return self.sampler(z)

    @property
    def sampler(self):
        """The network that samples come from: the generator, or its moving average."""
        if not self.ema:
            return self.generator
        for weight, average in zip(self._averaged_generator.weights, self._averages, strict=True):
            weight.assign(average)
        return self._averaged_generator

    @property
    def can_invert(self):
        """Whether the method has a network from x to z."""
        return "encoder" in self.roles

    @property
    def can_score(self):
        """Whether the method has a discriminator that judges single samples."""
        return "discriminator" in self.roles and self.pack == 1

    def latents(self, num_samples, seed=0):
        """Draw `num_samples` codes from N(0, I): float32 array [num_samples, M]."""
        shape = [num_samples, self.latent_dim]
        return tf.random.stateless_normal(shape, [seed, 0]).numpy()

    def sample(self, num_samples, seed=0):
        """Draw samples: float32 array [num_samples, *data_shape], the same for the same seed."""
        return self.generate(self.latents(num_samples, seed))

    def sample_chunks(self, num_samples, seed=0):
        """Yield the rows of `sample(num_samples, seed)` in bounded chunks."""
        z = self.latents(num_samples, seed)
        for i in range(0, num_samples, self.chunk):
            yield self.generate(z[i : i + self.chunk])

    @property
    def chunk(self):
        """Rows that go through a network at a time."""
        return min(CHUNK, max(_VALUES // math.prod(self.data_shape), 1))

    def generate(self, z):
        """Map codes [B, M] to samples: float32 array [B, *data_shape]."""
        return in_chunks(self.chunk, self.sampler, z)

    def observe(self, x, seeds):
        """Return the samples of an exported model: x = G(z), [N, *data_shape], as it is.

        A method that adds noise to G(z) does so here, each row by its own seed of [N] int64.
        """
        del seeds
        return x

    def invert(self, x):
        """Map samples [B, *data_shape] to codes: float32 array [B, M].

        An encoder that also puts out something else, as a log variance, has the code, or its mean,
        first.

        Raises:
            TypeError: if the method has no encoder.
        """
        if not self.can_invert:
            raise TypeError(f"{type(self).__name__} has no encoder, so it cannot invert")
        outputs = in_chunks(self.chunk, self.encoder, x)
        return outputs[0] if isinstance(outputs, list) else outputs

    def reconstruct(self, x):
        """Map samples [B, *data_shape] to their codes and back: float32 array of x's shape.

        Raises:
            TypeError: if the method has no encoder.
        """
        return self.generate(self.invert(x))


def in_chunks(chunk, network, *inputs):
    """Apply a network to float arrays, each [B, ...], `chunk` rows at a time.

    Returns:
        Its output as an array, or a list of arrays where it has several.
    """
    inputs = [np.asarray(rows, np.float32) for rows in inputs]
    parts = []
    for i in range(0, max(len(inputs[0]), 1), chunk):
        part = [rows[i : i + chunk] for rows in inputs]
        parts.append(network(part if len(part) > 1 else part[0], training=False))
    if isinstance(parts[0], (list, tuple)):
        return [np.concatenate([np.asarray(p[k]) for p in parts]) for k in range(len(parts[0]))]
    return np.concatenate([np.asarray(part) for part in parts])
