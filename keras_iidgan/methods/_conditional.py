"""The mixin that tells every network of a GAN the class of a sample."""

import numpy as np
import tensorflow as tf

from keras_iidgan.methods._face import in_chunks


class Conditional:
    """Conditions the networks of the GAN that it is mixed into on the classes of the data.

    The class c is a one-hot row of K shares: G(z, c), D(x, c). In training the generated samples
    of a batch have the classes of its real ones, so `fit` needs labels: `fit(x, labels)`.

    Args:
        generator: network (z [B, M], c [B, K]) -> x [B, *data_shape].
        discriminator: network (x [B, *data_shape], c [B, K]) -> logit [B, 1].

    Raises:
        ValueError: if there are fewer than two classes, or a batch comes without labels.
    """

    is_conditional = True

    # In training.

    def classes(self, batch):
        """Return the classes of a batch as one-hot rows, [B, K] float32."""
        if batch.labels is None:
            raise ValueError("labels must come with the data of a conditional method; got none")
        return tf.one_hot(tf.reshape(batch.labels, [-1]), self.num_classes)

    def fake(self, z, batch):
        """Return G(z, c), [B, *data_shape], with the classes of the batch."""
        return self.generator([z, self.classes(batch)], training=True)

    def judge(self, x, batch):
        """Return D(x, c), logits [B, 1], with the classes of the batch."""
        return self.discriminator([x, self.classes(batch)], training=True)

    # The public face.

    def default_labels(self, num_samples):
        """Return the classes that samples get if none are asked for: 0, 1, ..., K - 1, 0, ..."""
        return np.arange(num_samples, dtype=np.int32) % self.num_classes

    def sample(self, num_samples, seed=0, labels=None):
        """Draw samples: float32 array [num_samples, *data_shape], the same for the same seed.

        Args:
            num_samples: N.
            seed: of the codes.
            labels: integers [N] in 0..K-1, or one for all; None takes every class in turn.
        """
        return self.generate(self.latents(num_samples, seed), labels)

    def sample_chunks(self, num_samples, seed=0):
        """Yield the rows of `sample(num_samples, seed)` in bounded chunks."""
        z, labels = self.latents(num_samples, seed), self.default_labels(num_samples)
        for i in range(0, num_samples, self.chunk):
            part = slice(i, i + self.chunk)
            yield self.generate(z[part], labels[part])

    def generate(self, z, labels=None):
        """Map codes [B, M] and labels, as of `sample`, to samples: float32 [B, *data_shape]."""
        return in_chunks(self.chunk, self.sampler, z, self.one_hot(labels, len(z)))

    def one_hot(self, labels, num_samples):
        """Return labels, as of `sample`, as one-hot rows [num_samples, K] float32.

        Raises:
            ValueError: if a label isn't in 0..K-1, or their number is another one.
        """
        labels = self.default_labels(num_samples) if labels is None else np.asarray(labels)
        if not np.issubdtype(labels.dtype, np.integer) or labels.shape not in ((), (num_samples,)):
            raise ValueError(
                f"labels must be an integer or {num_samples} of them; "
                f"got {labels.dtype} of shape {labels.shape}"
            )
        labels = np.broadcast_to(labels, [num_samples])
        if num_samples and not (labels.min() >= 0 and labels.max() < self.num_classes):
            raise ValueError(
                f"labels must lie in 0..{self.num_classes - 1}; got {labels.min()}..{labels.max()}"
            )
        return np.eye(self.num_classes, dtype=np.float32)[labels]
