"""Networks as the papers print them: a row per layer, and how many weights such rows have."""

import math

import keras

WEIGHTED = (keras.layers.Dense, keras.layers.Conv2D, keras.layers.Conv2DTranspose)


def kinds(network):
    """The names of a network's layers, its input left out."""
    return [type(layer).__name__ for layer in network.layers[1:]]


def rows(network):
    """One `[kind, output shape, activation, BatchNorm]` for each layer with a kernel."""
    found = []
    for layer in network.layers[1:]:
        if isinstance(layer, WEIGHTED):
            kind, shape = type(layer).__name__, layer.output.shape[1:]
            found.append([kind, shape, layer.activation.__name__, False])
        elif isinstance(layer, keras.layers.LeakyReLU):
            found[-1][2] = f"leaky {layer.negative_slope}"
        elif isinstance(layer, keras.layers.BatchNormalization):
            found[-1][3] = True
    return [tuple(row) for row in found]


def parameters(table, inputs, channels, kernel, bias):
    """The number of weights of a network of such rows.

    Dense: in * out + out. Convolution: kernel^2 * in * out, and out with a bias. BatchNorm: 4 out.
    `inputs` is the size of the input; `channels` those of the first map that is convolved, be it
    the input or what a Dense layer makes.
    """
    total = 0
    for kind, shape, _, normalized in table:
        outputs = shape[-1]
        if kind == "Dense":
            total += inputs * outputs + outputs
        else:
            total += kernel * kernel * channels * outputs + bias * outputs
            channels = outputs
        total += 4 * outputs * normalized
        inputs = math.prod(shape)
    return total
