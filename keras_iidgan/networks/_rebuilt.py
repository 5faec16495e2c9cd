"""Networks made anew from those of any architecture, with some layers exchanged."""

import contextlib

import keras


def rebuilt(network, exchange):
    """Return a copy of a network, its weights kept, with some of its layers exchanged.

    Args:
        network: a built functional or sequential `keras.Model`, nested or not.
        exchange: function from a layer to the one in its place, or None to copy the layer. A
            wrapper in the place of a layer takes that layer's weights into the one it wraps.

    Returns:
        A `keras.Model` of the same name and inputs.
    """
    pairs = []

    def clone(layer):
        new = exchange(layer)
        new = type(layer).from_config(layer.get_config()) if new is None else new
        pairs.append((layer, new))
        return new

    def call(layer, *inputs, **options):
        # An Activation stands for BatchNorm, which knows options, as a mask, that it doesn't.
        return layer(*inputs, **({} if isinstance(layer, keras.layers.Activation) else options))

    copy = keras.models.clone_model(
        network, clone_function=clone, call_function=call, recursive=True
    )
    for old, new in pairs:
        wraps = isinstance(new, keras.layers.Wrapper) and type(new) is not type(old)
        new = new.layer if wraps else new
        if new.weights:
            new.set_weights(old.get_weights())
    return copy


def layers(network):
    """Yield every layer of a network, those of networks and wrappers inside it too."""
    for layer in network._flatten_layers(include_self=False):
        if not isinstance(layer, keras.Model):
            yield layer


def without_batch_norm(network):
    """Return a network without its BatchNorm layers, the very one if it has none."""
    if not any(map(_is_batch_norm, layers(network))):
        return network

    def exchange(layer):
        if _is_batch_norm(layer):
            return keras.layers.Activation("linear", name=layer.name, dtype=layer.dtype_policy)
        return None

    return rebuilt(network, exchange)


def refuse_batch_norm(role, network):
    """Raise ValueError if a network mixes the rows of a batch."""
    for layer in layers(network):
        if _is_batch_norm(layer):
            raise ValueError(f"{role} must have no BatchNormalization; got layer {layer.name!r}")


def _is_batch_norm(layer):
    return isinstance(layer, keras.layers.BatchNormalization)


@contextlib.contextmanager
def in_float32():
    """Build networks in float32, whatever the dtype policy outside."""
    outside = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(outside)
