"""CIFAR-10 and -100, STL-10 and CelebA: photographs without a judge of their modes.

Reference:
    Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009 (CIFAR).
    Coates, Ng, Lee, An Analysis of Single-Layer Networks, 2011 (STL-10).
    Liu et al., Deep Learning Face Attributes in the Wild, 2015 (CelebA).
"""

import functools

import numpy as np

from keras_iidgan.data import prepared
from keras_iidgan.data.base import Data, Dataset, pixels

CELEB_A_CROP = 178  # The largest centre square of the 218x178 aligned images.
_TEST = 10_000


def shuffled(images, labels, seed: int, size: int | None, name: str):
    """Chooses `size` rows at random, or all, and shuffles them.

    Rows that are left on the disk aren't shuffled, only cut off: the input pipeline shuffles.

    Raises:
        ValueError: there are fewer than `size`.
    """
    if size is not None and size > len(images):
        raise ValueError(f"size must be at most {len(images)} for {name}; got {size}")
    if isinstance(images, np.memmap):
        return images[:size], labels if labels is None else labels[:size]
    order = np.random.default_rng(seed).permutation(len(images))[:size]
    return images[order], labels if labels is None else labels[order]


def _build(name, split, labelled, crop, *, seed, std, size, data_dir, image_size=None):
    del std
    shape = {"side": image_size, "crop": crop, "labelled": labelled}
    images, labels = prepared.read(name, split, data_dir, **shape)
    test, _ = prepared.read(name, "test", data_dir, **shape)
    train, labels = shuffled(images, labels, seed, size, name)
    return Data(
        name=name,
        kind="images",
        train=train,
        test=pixels(np.asarray(test[:_TEST])),
        labels=labels,
        class_names=prepared.class_names(name, data_dir) if labelled else (),
    )


def _dataset(name, split="train", labelled=True, crop=None, sizes=()):
    return Dataset(build=functools.partial(_build, name, split, labelled, crop), sizes=sizes)


DATASETS = {
    "cifar10": _dataset("cifar10"),
    "cifar100": _dataset("cifar100"),
    "stl10": _dataset("stl10", "unlabelled", labelled=False, sizes=(64, 32, 48, 96)),
    "celeb_a": _dataset("celeb_a", labelled=False, crop=CELEB_A_CROP, sizes=(64, 32, 48, 128)),
}
