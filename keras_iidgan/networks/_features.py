"""What a network knows of a sample before its last layer."""

import keras


class Featured:
    """Gives a network's features along with its output, for any architecture.

    The features are what the last layer with weights is applied to, flattened: for a discriminator
    that ends in a Dense layer its last hidden layer, for one on images the maps before it.

    A plain object, so that a model that holds it neither saves nor trains the network twice; the
    weights are the network's own.

    Args:
        network: a functional or sequential Keras model with one output, of any inputs.

    Raises:
        ValueError: if the network has no such layer, or isn't made of layers that can be followed.
    """

    def __init__(self, network):
        self._model = _model(network, [_flat_features(network), network.outputs[0]])

    def __call__(self, x, training=False):
        """Return `(features, output)` of a batch: [B, K] and what the network gives."""
        return self._model(x, training=training)


def without_last_weights(network):
    """Return the model of a network's features alone, x -> [B, K]; see `Featured`."""
    return _model(network, _flat_features(network))


def _flat_features(network):
    features = _before_the_last_weights(network)
    return keras.layers.Flatten()(features) if len(features.shape) > 2 else features


def _model(network, outputs):
    inputs = network.inputs
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs)


def _is_functional(network):
    return isinstance(network, keras.Model) and bool(getattr(network, "outputs", None))


def _before_the_last_weights(network):
    """Return the symbolic input of the last layer that has weights, also inside nested networks."""
    if not _is_functional(network):
        raise ValueError(f"network must be a functional Keras model; got {type(network).__name__}")
    tensor = network.outputs[0]
    while True:
        operation, node, _ = tensor._keras_history
        inputs = operation._inbound_nodes[node].input_tensors
        if not inputs:
            raise ValueError(f"network must have a layer with weights; {network.name} has none")
        if len(inputs) > 1:
            raise ValueError(
                f"network must end in layers of one input; {operation.name} of {network.name} "
                f"has {len(inputs)}"
            )
        tensor = inputs[0]
        if getattr(operation, "weights", None):
            if not _is_functional(operation):
                return tensor
            return _model(operation, _before_the_last_weights(operation))(tensor)
