"""The weights of the cycle terms fall with the learning rate where they are told to."""

import keras
import pytest
import tensorflow as tf

from keras_iidgan.methods.base import Batch


@pytest.mark.parametrize(
    ("decay", "shares"),
    [(0.0, (1, 1, 1)), (1.0, (1, 0.5, 0.1)), (0.2, (1, 1, 0.5)), (0.5, (1, 1, 0.2))],
)
@pytest.mark.parametrize("term", ["z_cycle", "x_cycle"])
def test_a_weight_falls_once_the_rate_is_below_its_share(make_model, rows, term, decay, shares):
    rate = keras.optimizers.schedules.PiecewiseConstantDecay([0, 1], [0.1, 0.05, 0.01])
    decaying, constant = (
        make_model("iidgan", optimizer=keras.optimizers.SGD(rate), **values)
        for values in ({f"{term}_decay": decay}, {})
    )
    x = tf.constant(rows(8))
    for step, share in enumerate(shares):
        for model in (decaying, constant):
            model.step.assign(step)  # The same step draws the same codes.
        found, expected = (m.loss_of(m.turns[-1], Batch(x)) for m in (decaying, constant))
        scales = {name: float(found[name] / expected[name]) for name in expected}
        assert scales == pytest.approx(dict.fromkeys(scales, 1.0) | {term: share})


def test_loss_scaling_does_not_hide_the_rate(make_model):
    rate = keras.optimizers.schedules.PiecewiseConstantDecay([0, 1], [0.1, 0.05, 0.01])
    model = make_model("iidgan")
    scaled = {
        p: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(rate))
        for p in ("discriminator", "generator")
    }
    model.compile(scaled)
    model.step.assign(2)
    assert float(model.relative_learning_rate("generator")) == pytest.approx(0.1)


def test_a_constant_rate_keeps_the_weights(make_model, rows):
    x = tf.constant(rows(8))
    decaying, constant = (make_model("iidgan", **values) for values in ({"z_cycle_decay": 0.5}, {}))
    for model in (decaying, constant):
        model.step.assign(1000)
    terms = [model.loss_of(model.turns[-1], Batch(x)) for model in (decaying, constant)]
    assert float(terms[0]["z_cycle"]) == float(terms[1]["z_cycle"])


@pytest.mark.parametrize("name", ["z_cycle_decay", "x_cycle_decay"])
def test_a_negative_share_is_refused(make_model, name):
    with pytest.raises(ValueError, match=f"{name} must be a finite number of at least 0; got -1"):
        make_model("iidgan", **{name: -1})
