"""What a discriminator sees in a sample: the input of its last layer."""

import keras


def features(discriminator):
    """Return a model from what a discriminator takes to the input of its last Dense layer.

    Its layers are the discriminator's own, so it learns as that does.

    Args:
        discriminator: a functional or sequential model whose own last layers hold a Dense one.

    Returns:
        A `keras.Model`, x [B, *data_shape] -> features [B, U].

    Raises:
        ValueError: if there is no Dense layer.
    """
    inputs = discriminator.inputs  # A sequential model has no `input`.
    for layer in reversed(discriminator.layers):
        if isinstance(layer, keras.layers.Dense):
            inputs = inputs if len(inputs) > 1 else inputs[0]
            return keras.Model(inputs, layer.input, name="features")
    raise ValueError(f"discriminator must end in a Dense layer; {discriminator.name} has none")
