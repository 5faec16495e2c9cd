"""CIFAR-10 and CIFAR-100: 32x32 photographs of 10 and of 100 classes.

Reference:
    Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.
"""

from keras_iidgan.data import prepared, stored
from keras_iidgan.data.base import Data, Dataset, pixels

SIDE = 32


def _cifar(name):
    def build(*, seed, std, size, data_dir, image_size):
        del std, image_size
        images, labels = prepared.read(name, "train", data_dir)
        test, _ = prepared.read(name, "test", data_dir)
        rows = stored.stretch(name, len(images), size, seed)
        return Data(
            name=name,
            kind="images",
            train=images[rows],
            test=pixels(test),
            labels=labels[rows],
            class_names=prepared.class_names(name, data_dir),
        )

    return build


# The labels of CIFAR-100 are its 100 fine ones.
DATASETS = {name: Dataset(build=_cifar(name), sizes=(SIDE,)) for name in ("cifar10", "cifar100")}
