"""An exported model with the face of a `Method`: what is measured is what will be served."""

import math
import pathlib

import numpy as np
import tensorflow as tf

from keras_iidgan.cli import UsageError

_CHUNK, _VALUES = 4096, 1 << 19


class ExportedModel:
    """Samples and inverts by the signatures of a SavedModel.

    Args:
        path: folder with `saved_model.pb`.
        data: the `Data` that it was trained on.
        step: the steps that it was trained for.

    Attributes:
        step: as a constant, which has `numpy()` as a model's has.
        can_invert: whether it has the signature `invert`.
        is_conditional: whether its samples are made of a `label`.
        latent_dim: M.
        data_shape: of one sample.
        num_classes: of the data.
        turns: empty: it isn't trained any more.

    Raises:
        UsageError: if there is no such model, or it is one of other data.
    """

    turns = ()

    def __init__(self, path, data, step=0):
        if not (pathlib.Path(path) / "saved_model.pb").exists():
            raise UsageError(f"there is no exported model in {path}")
        self._loaded = tf.saved_model.load(str(path))  # Its variables live as long as this does.
        self._signatures = self._loaded.signatures
        self.step = tf.constant(step)
        inputs = self._inputs("serving_default")
        self.latent_dim = inputs["z"].shape[1]
        self.is_conditional = "label" in inputs
        self.num_classes = data.num_classes
        self.can_invert = "invert" in self._signatures
        self.data_shape = data.shape
        self._is_thin = len(data.shape) == 3 and data.shape[-1] == 1
        self._check_shape(path)
        self._chunk = min(_CHUNK, max(_VALUES // math.prod(data.shape), 1))

    def _check_shape(self, path):
        served = self._signatures["sample"].structured_outputs["x"].shape[1:].as_list()
        expected = list(self.data_shape[:-1] if self._is_thin else self.data_shape)
        if served != expected:
            raise UsageError(f"{path} makes samples {served}; the examples have {expected}")

    def _inputs(self, signature):
        return self._signatures[signature].structured_input_signature[1]

    def latents(self, num_samples, seed=0):
        """Draw codes from N(0, I): float32 array [num_samples, M]."""
        return tf.random.stateless_normal([num_samples, self.latent_dim], [seed, 0]).numpy()

    def sample(self, num_samples, seed=0):
        """Draw samples by the signature `sample`: float32 array [num_samples, *data_shape]."""
        return np.concatenate(list(self.sample_chunks(num_samples, seed)))

    def sample_chunks(self, num_samples, seed=0):
        """Yield the rows of `sample` in bounded chunks."""
        seeds = np.random.default_rng(seed).integers(1 << 62, size=num_samples)
        labels = self._labels(None, num_samples)
        for i in range(0, num_samples, self._chunk):
            part = slice(i, i + self._chunk)
            yield self._thick(
                self._run(
                    "sample", "x", seed=seeds[part], **{k: v[part] for k, v in labels.items()}
                )
            )

    def generate(self, z, labels=None):
        """Map codes [B, M], and labels of a conditional model, to samples [B, *data_shape]."""
        z = np.asarray(z, np.float32)
        return self._thick(
            self._in_chunks("serving_default", "x", z=z, **self._labels(labels, len(z)))
        )

    def invert(self, x):
        """Map samples [B, *data_shape] to codes [B, M]."""
        return self._in_chunks("invert", "z", x=self._thin(x))

    def reconstruct(self, x):
        """Map samples [B, *data_shape] to their codes and back."""
        return self._thick(self._in_chunks("reconstruct", "x", x=self._thin(x)))

    def classify(self, x):
        """Return the probability of each class, [B, classes], of a conditional model."""
        return self._in_chunks("invert", "probability", x=self._thin(x))

    def _labels(self, labels, count):
        """Return the input `label`, every class in turn where none are given."""
        if not self.is_conditional:
            return {}
        given = np.arange(count) % self.num_classes if labels is None else labels
        return {"label": np.broadcast_to(np.asarray(given, np.int64), [count])}

    def _in_chunks(self, signature, output, **inputs):
        count = len(next(iter(inputs.values())))
        parts = [
            self._run(signature, output, **{k: v[i : i + self._chunk] for k, v in inputs.items()})
            for i in range(0, max(count, 1), self._chunk)
        ]
        return np.concatenate(parts)

    def _run(self, signature, output, **inputs):
        specs = self._inputs(signature)
        tensors = {key: tf.constant(value, specs[key].dtype) for key, value in inputs.items()}
        return self._signatures[signature](**tensors)[output].numpy()

    def _thin(self, x):
        x = np.asarray(x, np.float32)
        return x[..., 0] if self._is_thin else x

    def _thick(self, x):
        return x[..., np.newaxis] if self._is_thin else x
