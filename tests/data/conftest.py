import numpy as np
import pytest


@pytest.fixture(scope="session")
def classifier_cache(tmp_path_factory):
    """A cache folder of the tests' own, so that the classifier is trained once, and here."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_IIDGAN_CACHE", str(folder))
        yield folder


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache folder for one test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def tfds_dir(tmp_path_factory):
    """A TensorFlow Datasets directory whose mnist is scikit-learn's digits, four times as large."""
    folder = tmp_path_factory.mktemp("tfds")
    write_mnist(folder)
    return folder


def enlarged():
    """The digits of `data.digits.split()` as MNIST stores images: [N, 28, 28, 1] uint8."""
    from keras_iidgan.data import digits

    parts = []
    for images, labels in digits.split():
        large = np.kron(images, np.ones((1, 3, 3, 1)))  # [N, 24, 24, 1]
        large = np.pad(large, ((0, 0), (2, 2), (2, 2), (0, 0)), constant_values=-1)
        parts.append((np.round((large + 1) * 127.5).astype(np.uint8), labels))
    return parts


def write_mnist(folder, parts=None):
    """Prepare `folder/mnist/3.0.1` by TensorFlow Datasets' own writer, without a network."""
    train, test = parts or enlarged()
    names = [str(digit) for digit in range(10)]
    write_tfds(folder, "Mnist", "3.0.1", {"train": train, "test": test}, names)


def write_tfds(folder, class_name, version, splits, names=None):
    """Prepare a data set by TensorFlow Datasets' own writer.

    Args:
        folder: the directory.
        class_name: of the builder, the data set's name in CamelCase.
        version: text.
        splits: split -> images [N, H, W, C] uint8 and labels [N].
        names: of the labels; None leaves labels out.
    """
    import tensorflow_datasets as tfds

    shape = next(iter(splits.values()))[0].shape[1:]

    def info(self):
        features = {"image": tfds.features.Image(shape=shape)}
        if names:
            features["label"] = tfds.features.ClassLabel(names=names)
        return tfds.core.DatasetInfo(
            builder=self, features=tfds.features.FeaturesDict(features), description="-"
        )

    def examples(images, labels):
        for i, (image, label) in enumerate(zip(images, labels, strict=True)):
            yield i, {"image": image} | ({"label": int(label)} if names else {})

    members = {
        "VERSION": tfds.core.Version(version),
        "_info": info,
        "_split_generators": lambda self, manager: {k: examples(*v) for k, v in splits.items()},
        "_generate_examples": None,
    }
    base = tfds.core.GeneratorBasedBuilder
    builder = type(base)(class_name, (base,), members, skip_registration=True)
    builder(data_dir=str(folder)).download_and_prepare()
