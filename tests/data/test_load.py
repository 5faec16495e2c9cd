import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from keras_iidgan import data
from keras_iidgan.data.base import Assignment, Data


def small(**changes):
    arrays = {
        "name": "two",
        "kind": "points",
        "train": np.zeros((4, 2), np.float32),
        "test": np.zeros((2, 2), np.float32),
        "num_modes": 2,
        "assign": lambda x: Assignment(np.zeros(len(x), np.int32), np.ones(len(x), bool)),
        "mode_weights": np.array([0.25, 0.75]),
        "labels": np.array([0, 1, 1, 1], np.int32),
        "centers": np.zeros((2, 2)),
        "std": 0.1,
    }
    return Data(**(arrays | changes))


def test_names_are_the_documented_ones():
    assert data.names() == [
        "celeb_a",
        "cifar10",
        "cifar100",
        "digits",
        "fashion_mnist",
        "folder",
        "grid",
        "mnist",
        "negative_binomial",
        "noisy_ring",
        "poisson_mixture",
        "ring",
        "stacked_digits",
        "stacked_mnist",
        "stl10",
        "uneven_grid",
    ]


@pytest.mark.parametrize("call", [data.load, data.presets])
def test_an_unknown_name_lists_the_known_ones_in_one_line(call):
    with pytest.raises(ValueError, match=r"name must be.*grid.*ring.*got 'rign'") as raised:
        call("rign")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"std": "papre"}, "std must be.*paper, variance, standard.*'papre'"),
        ({"std": 0.0}, "std must be.*above 0; got 0.0"),
        ({"std": float("nan")}, "std must be.*got nan"),
        ({"seed": -1}, "seed must be an integer >= 0; got -1"),
        ({"seed": 0.5}, "seed must be an integer >= 0; got 0.5"),
        ({"size": 0}, "size must be an integer >= 1; got 0"),
        ({"size": 12}, "size must be a multiple of 8.*got 12"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule_and_value(arguments, message):
    with pytest.raises(ValueError, match=message):
        data.load("ring", **arguments)


def test_std_is_refused_where_there_is_none():
    with pytest.raises(ValueError, match=r"std must be None.*got 'paper'"):
        data.load("digits", std="paper")


@pytest.mark.parametrize(
    ("name", "rule"), [("ring", "None for ring"), ("mnist", "one of 28, 32 for mnist")]
)
def test_an_image_size_that_there_is_not_is_refused(name, rule):
    with pytest.raises(ValueError, match=f"image_size must be {rule}; got 17"):
        data.load(name, image_size=17)


def test_std_may_be_a_preset_a_number_or_a_number_as_text():
    assert data.load("ring", size=8).std == 0.001
    assert data.load("ring", size=8, std="variance").std == 0.0316
    assert data.load("ring", size=8, std=0.3).std == data.load("ring", size=8, std="0.3").std == 0.3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "sounds"}, "kind must be one of points, images; got 'sounds'"),
        ({"train": np.zeros((4, 2))}, "train must be finite float32; got float64"),
        ({"train": np.full((4, 2), np.nan, np.float32)}, "train must be finite"),
        ({"test": np.zeros((2, 3), np.float32)}, r"test must have shape.*got \(2, 3\)"),
        ({"mode_weights": np.array([0.5, 0.6])}, "mode_weights must.*sum of 1.1"),
        ({"mode_weights": np.array([0.0, 1.0])}, "mode_weights must be above 0"),
        ({"mode_weights": np.ones(3) / 3}, "mode_weights must have shape"),
        ({"labels": np.array([0, 1, 2, 1])}, r"labels must lie in 0\.\.1; got 0\.\.2"),
        ({"labels": np.array([0, 1])}, "labels must hold one mode per"),
        ({"centers": None}, r"centers must have shape \(2, 2\); got None"),
        ({"std": 0.0}, "std must be a finite number above 0; got 0.0"),
        (
            {"kind": "images", "train": np.full((4, 2), 255, np.float32)},
            r"train and test must be pixels in \[-1, 1\]; got \[0, 255\]",
        ),
    ],
)
def test_data_that_do_not_fit_are_refused(changes, message):
    assert small().shape == (2,)
    with pytest.raises(ValueError, match=message):
        small(**changes)


def test_data_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        small().std = 1.0


def test_importing_and_loading_points_brings_in_no_framework():
    code = (
        "import sys, keras_iidgan.data, keras_iidgan.metrics, keras_iidgan.plots;"
        "keras_iidgan.data.load('grid');"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'matplotlib'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
