"""The tiny networks of `small` and the usual losses in NumPy, and known draws for the methods."""

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.methods.base import Batch


def features(network, *inputs):
    """What a network's hidden layer puts out, in float64."""
    w, b = (np.asarray(weight, np.float64) for weight in network.get_weights()[:2])
    return np.tanh(np.concatenate(inputs, axis=1) @ w + b)


def forward(network, *inputs):
    """What a network puts out, in float64; a list if it has two heads."""
    hidden, heads = features(network, *inputs), network.get_weights()[2:]
    outputs = [hidden @ w + b for w, b in zip(heads[::2], heads[1::2], strict=True)]
    return outputs if len(outputs) > 1 else outputs[0]


def weights_of(network):
    """Return the weights of a network of two dense layers, float64: [W1, b1, W2, b2]."""
    return [w.astype(np.float64) for w in network.get_weights()[:4]]


def two_layers(weights, x):
    """Apply such a network: tanh, then linear."""
    w1, b1, w2, b2 = weights
    return np.tanh(x @ w1 + b1) @ w2 + b2


def real_loss(logits):
    """-mean log sigmoid."""
    return np.log1p(np.exp(-logits)).mean()


def fake_loss(logits):
    """-mean log(1 - sigmoid)."""
    return np.log1p(np.exp(logits)).mean()


def half_squares(one, other):
    """Half the squared distance of rows, averaged over them."""
    return np.mean([(a - b) @ (a - b) / 2 for a, b in zip(one, other, strict=True)])


def close(value):
    return pytest.approx(float(value), rel=2e-4, abs=1e-6)


def terms_of(model, player, x, draws, monkeypatch):
    """The terms of one turn on data, the model's noise being `draws`, in this order."""
    left = list(draws)

    def draw_normal(self, batch, shape):
        drawn = left.pop(0)
        assert drawn.shape == (*batch.x.shape[:1], *shape)
        return tf.constant(drawn)

    monkeypatch.setattr(type(model), "draw_normal", draw_normal)
    turn = next(turn for turn in model.turns if turn.player == player)
    terms = model.loss_of(turn, Batch(tf.constant(x)))
    assert not left
    return {name: float(value) for name, value in terms.items()}
