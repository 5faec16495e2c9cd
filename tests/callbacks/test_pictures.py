"""The pictures of a run, in its folder and in TensorBoard."""

import matplotlib.image
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import callbacks, data, methods


@pytest.fixture(scope="module")
def ring():
    return data.load("ring", size=400)


def decoded(path):
    image = matplotlib.image.imread(path)
    assert min(image.shape[:2]) > 100
    return image


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_points_get_their_figure_and_the_progress_so_far(ring, tmp_path):
    model = methods.create("iidgan", data_shape=(2,), latent_dim=2)
    callbacks.Pictures(ring, tmp_path, title="a run").draw(model)
    first = decoded(tmp_path / "progress.png")
    model.step.assign(7)
    # Another process goes on: its figure of progress has the first process's column too.
    callbacks.Pictures(ring, tmp_path, title="a run").draw(model)
    assert files(tmp_path) == {
        "latent.png",
        "progress.png",
        "steps/latent-00000000.png",
        "steps/latent-00000007.png",
        "steps/snapshot-00000000.npz",
        "steps/snapshot-00000007.npz",
    }
    assert decoded(tmp_path / "progress.png").shape[1] > first.shape[1]
    with np.load(tmp_path / "steps" / "snapshot-00000007.npz") as snapshot:
        np.testing.assert_array_equal(snapshot["x_fake"], model.sample(2000, seed=0))


def test_a_method_without_an_inverse_is_drawn_too(ring, tmp_path):
    callbacks.Pictures(ring, tmp_path).draw(methods.create("gan", data_shape=(2,), latent_dim=2))
    decoded(tmp_path / "latent.png")


def test_images_get_samples_and_reconstructions(tmp_path):
    digits = data.load("digits", size=50)
    model = methods.create("iidgan", data_shape=(8, 8, 1), latent_dim=4)
    writer = tf.summary.create_file_writer(str(tmp_path / "events"))
    callbacks.Pictures(digits, tmp_path / "pictures", summary_writer=writer).draw(model)
    writer.close()
    assert {"samples.png", "reconstructions.png"} <= files(tmp_path / "pictures")
    decoded(tmp_path / "pictures" / "samples.png")
    (events,) = (tmp_path / "events").iterdir()
    tags = {
        value.tag
        for event in tf.compat.v1.train.summary_iterator(str(events))
        for value in event.summary.value
    }
    assert tags == {"samples", "reconstructions"}


def test_a_run_that_was_asked_to_stop_is_not_drawn(ring, tmp_path):
    pictures = callbacks.Pictures(ring, tmp_path)
    pictures.set_model(methods.create("gan", data_shape=(2,), latent_dim=2))
    pictures.model.stop_training = True
    pictures.on_epoch_end(0)
    assert files(tmp_path) == set()
    pictures.model.stop_training = False
    pictures.on_epoch_end(0)
    assert "latent.png" in files(tmp_path)
