"""The pictures of a run, in its folder and in TensorBoard."""

import matplotlib.image
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import callbacks, data, methods

# Pictures that only a model with an encoder has.
INVERSE = {"reconstructions", "interpolation"}


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


@pytest.mark.parametrize(
    ("method", "latent_dim", "names"),
    [
        ("iidgan", 2, {"samples", "classes", "plane", "traversals"} | INVERSE),
        ("iidgan", 4, {"samples", "classes", "traversals"} | INVERSE),
        ("gan", 4, {"samples", "classes", "traversals"}),
    ],
)
def test_images_get_the_pictures_that_their_model_can_have(tmp_path, method, latent_dim, names):
    digits = data.load("digits", size=50)
    model = methods.create(method, data_shape=(8, 8, 1), latent_dim=latent_dim)
    model.step.assign(30)
    writer = tf.summary.create_file_writer(str(tmp_path / "events"))
    pictures = tmp_path / "pictures"
    callbacks.Pictures(digits, pictures, summary_writer=writer).draw(model)
    writer.close()
    expected = {f"{name}.png" for name in names}
    expected |= {f"steps/{name}-00000030.png" for name in names}
    assert files(pictures) == expected
    for name in names:
        decoded(pictures / f"{name}.png")
    (events,) = (tmp_path / "events").iterdir()
    tags = {
        value.tag
        for event in tf.compat.v1.train.summary_iterator(str(events))
        for value in event.summary.value
    }
    assert tags == names


def test_a_run_that_was_asked_to_stop_is_not_drawn(ring, tmp_path):
    pictures = callbacks.Pictures(ring, tmp_path)
    pictures.set_model(methods.create("gan", data_shape=(2,), latent_dim=2))
    pictures.model.stop_training = True
    pictures.on_epoch_end(0)
    assert files(tmp_path) == set()
    pictures.model.stop_training = False
    pictures.on_epoch_end(0)
    assert "latent.png" in files(tmp_path)
