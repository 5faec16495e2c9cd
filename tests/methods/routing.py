"""Which networks learn from which term."""

import numpy as np
import tensorflow as tf

from keras_iidgan.methods.base import Batch


def routes(model, turn, x):
    """Return {term: the networks among those that the turn updates that get a gradient}."""
    networks = {role: getattr(model, role).trainable_variables for role in turn.updates}
    with tf.GradientTape(persistent=True) as tape:
        terms = model.loss_of(turn, Batch(tf.constant(x)))
    found = {}
    for name, value in terms.items():
        gradients = {role: tape.gradient(value, weights) for role, weights in networks.items()}
        found[name] = {role for role, each in gradients.items() if any(g is not None for g in each)}
        for role in found[name]:
            assert any(np.any(g) for g in gradients[role] if g is not None), (name, role)
    return found


def all_routes(model, x):
    return {turn.player: routes(model, turn, x) for turn in model.turns}
