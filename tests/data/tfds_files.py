"""Small TensorFlow Datasets directories, written without a network."""

import numpy as np


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
    write_tfds(folder, "mnist", "3.0.1", {"train": train, "test": test}, 10)


def write_tfds(folder, name, version, splits, classes=None, names=None):
    """Prepare `folder/name/version`, without a network.

    Args:
        folder: a TensorFlow Datasets directory.
        name: of the data set.
        version: three numbers.
        splits: split -> (images [N, H, W, C] uint8, labels [N]).
        classes: their number; None writes no labels.
        names: of the classes.
    """
    import tensorflow_datasets as tfds

    shape = next(iter(splits.values()))[0].shape[1:]

    def info(self):
        features = {"image": tfds.features.Image(shape=shape)}
        if classes:
            features["label"] = tfds.features.ClassLabel(
                **({"names": names} if names else {"num_classes": classes})
            )
        features = tfds.features.FeaturesDict(features)
        return tfds.core.DatasetInfo(builder=self, features=features, description="-")

    def generate(self, images, labels):
        for i, (image, label) in enumerate(zip(images, labels, strict=True)):
            yield i, {"image": image} | ({"label": int(label)} if classes else {})

    members = {
        "name": name,
        "VERSION": tfds.core.Version(version),
        "_info": info,
        "_generate_examples": generate,
        "_split_generators": lambda self, _: {k: generate(self, *v) for k, v in splits.items()},
    }

    class Written(tfds.core.GeneratorBasedBuilder, skip_registration=True):
        locals().update(members)

    Written(data_dir=str(folder)).download_and_prepare()
