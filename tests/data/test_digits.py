import shutil

import numpy as np
import pytest

from keras_iidgan import data
from keras_iidgan.data import classifier, digits

pytestmark = pytest.mark.usefixtures("classifier_cache")


@pytest.fixture
def remake(classifier_cache, tmp_path, monkeypatch):
    """Makes the classifier from a folder of the test's own, with one epoch if it must train."""
    assert data.load("digits").assign.report()  # So that the cache has its file.
    (source,) = classifier_cache.glob("*.npz")
    copied = tmp_path / "cache" / source.name
    copied.parent.mkdir()
    shutil.copy(source, copied)

    def quick(recipe, network, x, y):
        with np.load(source) as stored:
            network.set_weights([stored[f"weight_{i}"] for i in range(len(network.weights))])

    monkeypatch.setattr(classifier, "_train", quick)

    def make(folder=copied.parent):
        (train, labels), (test, test_labels) = digits.split()
        return classifier.make(digits.recipe(), train, labels, test, test_labels, 0.75, folder)

    return make, copied


def test_the_split_is_the_same_for_every_seed_and_even_over_the_classes():
    one, other = data.load("digits", seed=0), data.load("digits", seed=1)
    np.testing.assert_array_equal(one.test, other.test)
    rows = {row.tobytes() for row in one.train}
    assert rows == {row.tobytes() for row in other.train}
    assert not rows & {row.tobytes() for row in one.test}
    assert len(one.train) + len(one.test) == 1797
    assert (np.bincount(one.labels, minlength=10) >= 138).all()


def test_digits_are_pixels_from_minus_one_to_one():
    made = data.load("digits", size=500)
    assert made.train.shape == (500, 8, 8, 1)
    assert made.train.min() == -1
    assert made.train.max() == 1


def test_more_digits_than_there_are_is_an_error():
    with pytest.raises(ValueError, match=r"size must be at most 1433.*got 1434"):
        data.load("digits", size=1434)


def test_a_stack_is_three_training_digits_and_its_mode_their_number():
    made = data.load("stacked_digits", size=200, seed=2)
    assert made.train.shape == (200, 8, 8, 3)
    (images, labels), _ = digits.split()
    known = {}
    for image, label in zip(images, labels, strict=True):
        known[image.tobytes()] = int(label)
    for stack, mode in zip(made.train, made.labels, strict=True):
        red, green, blue = (known[stack[..., [channel]].tobytes()] for channel in range(3))
        assert mode == int(f"{red}{green}{blue}")


def test_stacks_come_from_the_seed_and_number_fifty_thousand():
    one, again, other = (data.load("stacked_digits", seed=seed) for seed in (0, 0, 1))
    assert len(one.train) == 50_000
    np.testing.assert_array_equal(one.train, again.train)
    assert (one.labels != other.labels).any()


def test_mode_weights_are_the_shares_of_the_modes_that_stacks_are_drawn_with():
    made = data.load("stacked_digits", size=1000)
    shares = data.load("digits").mode_weights
    assert made.mode_weights[527] == pytest.approx(shares[5] * shares[2] * shares[7])


def test_loading_trains_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(tmp_path))
    data.load("digits")
    data.load("stacked_digits", size=10)
    assert not list(tmp_path.iterdir())


def test_the_classifier_is_right_on_digits_it_has_not_seen():
    report = data.load("digits").assign.report()
    _, (images, labels) = digits.split()
    assigned = data.load("digits").assign(images)
    assert (assigned.mode == labels).mean() == report["test_accuracy"] >= 0.98
    assert assigned.good.mean() == report["test_high_quality"]
    np.testing.assert_array_equal(assigned.good, assigned.confidence >= 0.75)


def test_a_stack_is_assigned_by_its_channels_and_as_good_as_its_worst():
    single, stacked = data.load("digits").assign, data.load("stacked_digits", size=10).assign
    made = data.load("stacked_digits", size=50)
    channels = [single(made.test[:50, :, :, [channel]]) for channel in range(3)]
    assigned = stacked(made.test[:50])
    red, green, blue = (channel.mode for channel in channels)
    np.testing.assert_array_equal(assigned.mode, 100 * red + 10 * green + blue)
    worst = np.min([channel.confidence for channel in channels], axis=0)
    assert assigned.confidence == pytest.approx(worst, abs=1e-5)
    np.testing.assert_array_equal(assigned.good, worst >= 0.75)


def test_images_of_nothing_are_bad_and_broken_ones_have_no_mode():
    stacks = data.load("stacked_digits", size=2).train.copy()
    stacks[0, 3, 3, 1] = np.nan
    stacks[1, ..., 2] = 0  # Grey all over.
    assigned = data.load("stacked_digits", size=2).assign(stacks)
    assert assigned.mode[0] == -1
    assert assigned.mode[1] >= 0
    assert not assigned.good.any()


def test_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"x must have shape \(N, 8, 8, 3\); got \(2, 8, 8, 1\)"):
        data.load("stacked_digits", size=2).assign(np.zeros((2, 8, 8, 1)))


def test_a_cached_classifier_is_read_and_not_trained(remake, capsys):
    make, _ = remake
    assert make().report["test_accuracy"] >= 0.98
    assert "Training" not in capsys.readouterr().err


@pytest.mark.parametrize("damage", [b"", b"not an archive", "cut", "flipped"])
def test_a_corrupt_cache_file_is_said_and_made_again(remake, damage, capsys):
    make, file = remake
    whole = file.read_bytes()
    half = len(whole) // 2
    flipped = whole[:half] + bytes([whole[half] ^ 255]) + whole[half + 1 :]
    file.write_bytes({"cut": whole[:half], "flipped": flipped}.get(damage, damage))
    with pytest.warns(UserWarning, match="can't be read.*training it again"):
        make()
    assert "Training the classifier of digits" in capsys.readouterr().err
    assert make().report["test_accuracy"] >= 0.98
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_an_unwritable_cache_folder_is_said_and_the_classifier_works(remake, tmp_path):
    make, _ = remake
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match="classifier's weights aren't kept.*file"):
        made = make(tmp_path / "file" / "cache")
    assert made.report["test_accuracy"] >= 0.98


def test_a_classifier_that_is_not_good_enough_is_refused(remake, tmp_path, monkeypatch):
    make, _ = remake
    monkeypatch.setattr(classifier, "_train", lambda *_: None)
    with pytest.raises(RuntimeError, match="must reach 98% test accuracy; got"):
        make(tmp_path / "empty")


def test_making_the_classifier_moves_no_state_of_the_callers(remake, tmp_path):
    import keras

    def state():
        keras.utils.set_random_seed(5)
        return lambda: (float(keras.random.normal(())), np.random.random())

    make, _ = remake
    expected = state()()
    number = int(keras.layers.Dense(1, name=None).name.removeprefix("dense").strip("_") or 0)
    after = state()
    make(tmp_path / "empty")
    assert after() == expected
    assert keras.layers.Dense(1).name == f"dense_{number + 1}"


def test_the_callers_precision_does_not_reach_the_classifier(remake):
    import keras

    make, _ = remake
    _, (images, _) = digits.split()
    expected = make()(images)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        np.testing.assert_allclose(make()(images), expected, atol=1e-6)
    finally:
        keras.config.set_dtype_policy(before)
