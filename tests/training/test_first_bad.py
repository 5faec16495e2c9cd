"""Which term went wrong first, remembered inside compiled steps."""

import math

import pytest
import tensorflow as tf

from keras_iidgan.training.first_bad import FirstBad

FINE = {"a": 1.0, "b": -1e30}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("compiled", [False, True])
def test_the_first_bad_term_and_its_step_are_remembered(bad, compiled):
    first_bad = FirstBad(FINE)

    @tf.function(jit_compile=compiled)
    def look(a, b, step):
        first_bad.update({"a": a, "b": b}, step)

    for step, (a, b) in enumerate([(1.0, 2.0), (1.0, bad), (bad, bad), (1.0, 1.0)], 1):
        look(tf.constant(a), tf.constant(b), tf.constant(step, tf.int64))
        assert first_bad.found() == (None if step == 1 else ("b", 2))
    first_bad.reset()
    assert first_bad.found() is None


def test_of_terms_that_go_wrong_in_one_step_the_first_computed_is_named():
    first_bad = FirstBad(FINE)
    terms = {"b": tf.constant(math.nan), "a": tf.constant(math.inf)}  # In any order.
    first_bad.update(terms, tf.constant(7, tf.int64))
    assert first_bad.found() == ("a", 7)


def test_terms_of_half_precision_are_judged_in_their_own():
    first_bad = FirstBad(FINE)
    first_bad.update(
        {"a": tf.constant(1.0), "b": tf.cast(70000.0, tf.float16)}, tf.constant(1, tf.int64)
    )
    assert first_bad.found() == ("b", 1)
