"""What a data set must be."""

import numpy as np
import pytest

from keras_iidgan import evaluation, methods
from keras_iidgan.data import Data


def images(count=6):
    return np.random.default_rng(0).uniform(-1, 1, [count, 8, 8, 1]).astype(np.float32)


def test_images_whose_modes_nobody_knows_have_classes_where_they_have_labels():
    bare = Data("mine", "images", images(), images())
    assert (bare.num_modes, bare.num_classes, bare.shape) == (0, 0, (8, 8, 1))
    labels = np.array([0, 1, 1, 0, 1, 0], np.int32)
    assert Data("mine", "images", images(), images(), labels=labels).num_classes == 2
    named = Data("mine", "images", images(), images(), labels=labels, class_names=("a", "b", "c"))
    assert named.num_classes == 3


def test_labels_beyond_the_classes_are_refused():
    labels = np.array([0, 1, 2, 0, 1, 0], np.int32)
    with pytest.raises(ValueError, match=r"labels must lie in 0..1; got 0..2"):
        Data("mine", "images", images(), images(), labels=labels, class_names=("a", "b"))


def test_modes_need_a_number():
    with pytest.raises(ValueError, match="num_modes must be above 0 where assign or mode_weights"):
        Data("mine", "images", images(), images(), mode_weights=np.array([1.0]))


def test_without_modes_a_model_is_measured_by_its_inverse_alone():
    model = methods.create("iidgan", data_shape=(8, 8, 1), latent_dim=4)
    found = evaluation.measure(
        model, Data("mine", "images", images(), images()), samples=20, seed=1
    )
    assert "modes_covered" not in found
    assert np.isfinite(found["reconstruction_error"]) and found["protocol_samples"] == 20
    assert evaluation.one_line(found) == f"|x - G(F(x))| {found['reconstruction_error']:.3f}   " + (
        "(20 samples)"
    )
