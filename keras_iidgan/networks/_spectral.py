"""Spectral normalisation: a layer that divides another one's kernel by its largest stretch."""

import keras
import tensorflow as tf

from keras_iidgan.networks import _rebuilt

_EPS = 1e-12
_NORMALIZED = (keras.layers.Dense, keras.layers.Conv2D, keras.layers.Conv2DTranspose)


@keras.saving.register_keras_serializable("keras_iidgan")
class SpectralNormalization(keras.layers.Wrapper):
    """Applies a layer with the kernel W / sigma(W), sigma being W's largest singular value.

    W is the kernel as a matrix, all its axes but that of the output channels as rows. Every
    training call takes one step of the power iteration, whose vector u is kept:

        v = W u / ||W u||,  u = W' v / ||W' v||,  sigma = v' W u

    u and v are constants for the gradient and sigma isn't, so the gradient is that of the printed
    parametrisation: it has no part along W, <W, dL/dW> = 0. Other calls leave u as it is.

    W itself is never overwritten. All of this runs in float32 under any dtype policy.

    Args:
        layer: a Dense, Conv2D or Conv2DTranspose layer.

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018, Algorithm 1
        and eq. 11 for the gradient.
    """

    def __init__(self, layer, **kwargs):
        # The wrapper's own precision; the layer computes in that of its own policy.
        super().__init__(layer, **{"dtype": "float32"} | kwargs)
        if not isinstance(layer, _NORMALIZED):
            known = ", ".join(each.__name__ for each in _NORMALIZED)
            raise ValueError(f"layer must be one of {known}; got {type(layer).__name__}")
        self._outputs_first = isinstance(layer, keras.layers.Conv2DTranspose)

    def build(self, input_shape=None):
        """Build the layer, and u for its output channels."""
        super().build(input_shape)
        kernel = self.layer.kernel.shape
        self.u = self.add_weight(
            shape=(kernel[-2 if self._outputs_first else -1], 1),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
            name="u",
            dtype="float32",
            aggregation="only_first_replica",
        )

    def call(self, inputs, training=None):
        """Apply the layer to [B, ...] with its normalised kernel."""
        kernel = tf.convert_to_tensor(self.layer.kernel)
        sigma, u = self._power_iteration(self._as_matrix(kernel))
        if training:
            is_found = tf.reduce_any(u != 0)  # Not for a kernel of 0, which would hold u there.
            self.u.assign(tf.where(is_found, u, tf.convert_to_tensor(self.u)))
        # All of the layer's weights, since a scope hides those of one that may be around it.
        values = {w.path: tf.convert_to_tensor(w) for w in self.layer.weights}
        values[self.layer.kernel.path] = kernel / (sigma + _EPS)  # A kernel of 0 stays 0.
        with keras.StatelessScope([(w, values[w.path]) for w in self.layer.weights]):
            return self.layer(inputs)

    def _as_matrix(self, kernel):
        """Return a kernel as [inputs and pixels, outputs]."""
        if self._outputs_first:  # [H, W, outputs, inputs]
            kernel = tf.transpose(kernel, [0, 1, 3, 2])
        return tf.reshape(kernel, [-1, kernel.shape[-1]])

    def _power_iteration(self, matrix):
        """Return sigma, a scalar that W differentiates, and the next u [outputs, 1]."""
        constant = tf.stop_gradient(matrix)
        v = _unit(constant @ tf.convert_to_tensor(self.u))
        u = _unit(tf.transpose(constant) @ v)
        return tf.reduce_sum(v * (matrix @ u)), u

    def compute_output_shape(self, input_shape):
        """Return the layer's output shape."""
        return self.layer.compute_output_shape(input_shape)


def _unit(vector):
    return vector / (tf.norm(vector) + _EPS)


def spectrally_normalized(network):
    """Return a copy of a network that has a normalised kernel in every layer that has a kernel.

    BatchNorm is left out, whose scales would undo the bound on the slope. A network that is
    normalised already is returned as it is.

    Args:
        network: a built `keras.Model` of any architecture; its weights are kept.
    """
    network = _rebuilt.without_batch_norm(network)
    done = [x for x in _rebuilt.layers(network) if isinstance(x, SpectralNormalization)]
    if done:
        return network

    def exchange(layer):
        if not isinstance(layer, _NORMALIZED):
            return None
        copy = type(layer).from_config(layer.get_config())
        return SpectralNormalization(copy, name=layer.name)

    return _rebuilt.rebuilt(network, exchange)
