"""Which networks learn from which term."""

import numpy as np
import tensorflow as tf

from keras_iidgan.methods.base import Batch


def routes(model, x, labels=None):
    """Return {player: {term: the networks, of all, that get a gradient}}.

    Unlike the tape of a training step this one watches every network, so that a term that leaks
    into a network of another turn is seen.
    """
    networks = {role: getattr(model, role).trainable_variables for role in model.roles}
    found = {}
    for turn in model.turns:
        with tf.GradientTape(persistent=True) as tape:
            terms = model.loss_of(turn, Batch(tf.constant(x), labels))
        found[turn.player] = {}
        for name, value in terms.items():
            gradients = {r: tape.gradient(value, weights) for r, weights in networks.items()}
            found[turn.player][name] = {
                role for role, each in gradients.items() if any(g is not None for g in each)
            }
    return found


def turn_routes(model, turn, x):
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
    return {turn.player: turn_routes(model, turn, x) for turn in model.turns}
