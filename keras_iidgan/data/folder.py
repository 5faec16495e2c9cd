"""Any tree of images as a data set.

JPEG, PNG, GIF (the first frame), BMP and WebP files are found by their suffixes, at any depth, but
not below hidden folders. The centre square of each is resized to `image_size`; images are RGB,
unless all are stored as shades of grey. Where all of them lie in two or more folders at the first
level, these are the classes.

A tenth of the images, at most 2,000, are the test images. What decides is a hash of a file's path
below the tree, so that images stay on their side when others come and go, but for the few that a
bound of this split moves.
"""

import pathlib
import sys

import numpy as np

from keras_iidgan.data import image_files, image_tree, stored
from keras_iidgan.data.base import Data, Dataset, pixels

SIZES = range(8, 513)
USUAL_SIZE = 64
TEST_SHARE, MOST_TEST = 0.1, 2000
_SPLITS = {"train", "training", "test", "testing", "val", "valid", "validation"}


def _build(*, seed, std, size, data_dir, image_size):
    del std
    root = _root(data_dir)
    try:
        files = image_files.find(root)
    except OSError as error:
        raise ValueError(f"data_dir must be readable; {error.filename}: {error.strerror}") from None
    if len(files) < 2:
        known = ", ".join(image_files.SUFFIXES)
        raise ValueError(
            f"data_dir must hold at least two images ({known}) for folder; {root} has {len(files)}"
        )
    classes = _classes(root, files)
    train, test = image_tree.read(root, *split(files, classes), image_size)
    labels = _labels(root, train, test, classes) if classes else None
    rows = stored.stretch("folder", len(train.images), size, seed)
    return Data(
        name="folder",
        kind="images",
        train=train.images[rows],
        test=pixels(test.images),
        labels=labels[rows] if classes else None,
        class_names=classes,
    )


def _root(data_dir):
    if not data_dir:
        raise ValueError(f"data_dir must name a tree of images for folder; got {data_dir!r}")
    root = pathlib.Path(data_dir).expanduser()
    if not root.is_dir():
        what = "isn't a folder" if root.exists() else "doesn't exist"
        raise ValueError(f"data_dir must name a tree of images for folder; {root} {what}")
    return root


def _classes(root, files):
    """Returns the folders at the first level, sorted, where they are classes."""
    tops = sorted({file.top for file in files})
    if len(tops) < 2:
        return ()
    if {top.lower() for top in tops} <= _SPLITS:
        raise ValueError(
            f"data_dir must name one of the folders {', '.join(tops)} of {root}, which look like "
            f"splits of one data set; got {root}"
        )
    if "" in tops:
        beside = sum(not file.top for file in files)
        print(f"{root} has {beside} images beside its folders: no classes", file=sys.stderr)
        return ()
    return tuple(tops)


def split(files: list[image_files.ImageFile], classes: tuple[str, ...] = ()):
    """Splits files by the hash of their names, which leaves an image of every class for training.

    Args:
        files: at least two, sorted by `place`.
        classes: the folders at the first level, where they are classes.

    Returns:
        Training files and test files, at least one of each, in the order of `files`.
    """
    limit = TEST_SHARE * 2.0**64
    last = {file.top if classes else "": file for file in files}
    kept = {file.name for file in last.values()}
    test = [f for f in files if f.place < limit and f.name not in kept][:MOST_TEST]
    test = test or [f for f in files if f.name not in kept][:1] or files[:1]
    held_out = {file.name for file in test}
    return [file for file in files if file.name not in held_out], test


def _labels(root, train, test, classes):
    """Returns the classes [N] int32 of the training images."""
    for name in classes:
        count = train.tops.count(name) + test.tops.count(name)
        if count < 2 or name not in train.tops:
            raise ValueError(
                f"data_dir must hold at least two readable images in every class folder; "
                f"{root / name} has {count}"
            )
    numbers = {name: number for number, name in enumerate(classes)}
    return np.array([numbers[top] for top in train.tops], np.int32)


DATASETS = {"folder": Dataset(build=_build, sizes=SIZES, usual_size=USUAL_SIZE)}
