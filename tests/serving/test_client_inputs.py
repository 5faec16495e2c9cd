"""What the client refuses before anything is sent."""

import re

import numpy as np
import pytest

from keras_iidgan.serving import Client

WRONG = {
    "z: expected shape [N, M], got [2]": lambda c: c.generate([1, 2]),
    "z: expected rows of numbers that are alike": lambda c: c.generate([[1], [1, 2]]),
    "x: expected rows of numbers that are alike": lambda c: c.invert([["a"]]),
    "x: expected shape [N, ...], got []": lambda c: c.score(1),
    "x: expected at least one row": lambda c: c.reconstruct(np.zeros([0, 6, 6])),
    "seeds: expected at least one row": lambda c: c.sample([]),
    "labels: expected an integer or 2 of them": lambda c: c.sample([1, 2], labels=[1, 2, 3]),
    "labels: expected an integer or 1 of": lambda c: c.generate([[1, 2]], labels=0.5),
    "t: expected at least 2 places, got 1": lambda c: c.interpolate([[0, 0]], [[1, 1]], 1),
    "t: expected places in [0, 1], got 0 to 2": lambda c: c.interpolate([[0]], [[1]], [0, 2]),
    "t: expected shape [K] or [1, K], got [2, 1]": lambda c: c.interpolate(
        [[0]], [[1]], [[0], [1]]
    ),
    "z1: expected the shape of z0, [1, 1], got [1, 2]": lambda c: c.interpolate([[0]], [[1, 2]]),
    "images: expected a file, got /no/such.png: No such": lambda c: c.invert_png(["/no/such.png"]),
    "images: expected a list of files, got one str": lambda c: c.invert_png("a.png"),
    "examples: expected a list of tf.Examples, got one": lambda c: c.examples(b"a"),
    "examples: expected tf.Examples, got int": lambda c: c.examples([1]),
}


@pytest.mark.parametrize("message", WRONG)
def test_a_mistake_is_told_before_anything_is_sent(message):
    client = Client("http://127.0.0.1:9", model="m")
    client._signature = lambda name: None
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        WRONG[message](client)
    assert "\n" not in str(caught.value)
