"""Images from a TensorFlow Datasets directory, decoded once and kept.

A prepared directory is read as it is: without the network and without the code that made it. What
isn't there is downloaded by TensorFlow Datasets, which shows its progress.
"""

import hashlib
import os
import pathlib
import socket
import sys
import urllib.request

import numpy as np

from keras_iidgan.data import cache, squares, stored
from keras_iidgan.data.errors import first_line
from keras_iidgan.data.progress import Progress

# Data set -> the major version whose contents this package knows.
VERSIONS = {
    "mnist": 3,
    "fashion_mnist": 3,
    "cifar10": 3,
    "cifar100": 3,
    "stl10": 1,
    "celeb_a": 2,
}
_BATCH = 1000


def read(name: str, split: str, data_dir: str | None = None):
    """Reads the images and labels of one split.

    They are decoded at the first call, which takes seconds for tens of thousands of images, and
    then read from the cache folder.

    Args:
        name: one of `VERSIONS`.
        split: `train` or `test`.
        data_dir: a TensorFlow Datasets directory; None is TensorFlow Datasets' own default.

    Returns:
        Images [N, H, W, C] uint8 and labels [N] int32, in the order of the files.

    Raises:
        ValueError: the directory doesn't hold the data and they can't be downloaded, it holds them
            in another version, or its files are broken.
    """
    folder = _folder(name, data_dir)
    kept = cache.cache_folder() / f"{name}-{split}-{_digest(folder, split)}.npz"
    found = cache.load(kept, "decoding again")
    if found is None:
        print(f"Decoding {name} ({split}), once ...", file=sys.stderr, flush=True)
        images, labels = _decode(name, split, folder)
        cache.keep(kept, "the decoded images", images=images, labels=labels)
        return images, labels
    return found["images"], found["labels"]


def read_squares(
    name: str, split: str, side: int, data_dir: str | None = None, most: int | None = None
) -> np.ndarray:
    """Reads the images of one split as squares of one size, see `squares.square`.

    They are decoded and resized at the first call, which takes minutes for 100,000 images, and
    then opened in the cache folder.

    Args:
        name: one of `VERSIONS` whose images are RGB.
        split: of the data set.
        side: in pixels.
        data_dir: as of `read`.
        most: number of images to read, the first ones; None is all.

    Returns:
        [N, side, side, 3] uint8 as of `stored.load`, in the order of the files.

    Raises:
        ValueError: as `read`.
    """
    folder = _folder(name, data_dir)
    kept = f"{name}-{split}-{most or 'all'}-{side}-{_digest(folder, split)}.npy"
    path = cache.cache_folder() / kept

    def chunks():
        return (squares.squares(row["image"], side) for row in _rows(name, split, folder, most))

    found = stored.load(path)
    if found is None:
        print(f"Decoding {name} ({split}), once ...", file=sys.stderr, flush=True)
        found = stored.keep(path, chunks, (side, side, 3))
    return found


def class_names(name: str, data_dir: str | None = None) -> tuple[str, ...]:
    """Returns the names of the classes of a data set that `read` has read, or () without names."""
    import tensorflow_datasets as tfds

    label = tfds.builder_from_directory(_folder(name, data_dir)).info.features["label"]
    numbers = [str(i) for i in range(label.num_classes)]
    return () if label.names == numbers else tuple(label.names)


def _folder(name, data_dir):
    """Returns the folder of a prepared version, downloading it if there is none."""
    root = pathlib.Path(data_dir).expanduser() if data_dir else _default_dir()
    versions = sorted(p.name for p in (root / name).glob("*.*.*") if p.is_dir())
    mine = [v for v in versions if v.split(".")[0] == str(VERSIONS[name])]
    if mine:
        return root / name / max(mine, key=_numbers)
    if versions:
        raise ValueError(
            f"data_dir must hold version {VERSIONS[name]} of {name}; {root / name} has "
            f"{', '.join(versions)}"
        )
    return _download(name, root)


def _numbers(version):
    return [int(part) if part.isdigit() else -1 for part in version.split(".")]


def _default_dir():
    named = os.environ.get("TFDS_DATA_DIR")
    return pathlib.Path(named or "~/tensorflow_datasets").expanduser()


def _download(name, root):
    import tensorflow_datasets as tfds

    print(f"Downloading {name} to {root} ...", file=sys.stderr, flush=True)
    try:
        check_network("storage.googleapis.com")
        # The exact version is TensorFlow Datasets' own choice among those of our major one.
        builder = tfds.builder(f"{name}:{VERSIONS[name]}.*.*", data_dir=str(root), try_gcs=False)
        builder.download_and_prepare()
    except Exception as error:  # Many kinds: of the network, of the server, of the disk.
        reason = first_line(error)
        raise ValueError(
            f"data_dir must be a TensorFlow Datasets directory that holds {name}; {root} doesn't, "
            f"and it can't be downloaded ({reason}). Prepare it where there is a network, with "
            f"`tfds build {name}`, and copy the folder; digits, stacked_digits and folder need none"
        ) from None
    return pathlib.Path(builder.data_dir)


def check_network(host: str):
    """Raises OSError where a host can't be reached; a downloader would try for minutes."""
    if not urllib.request.getproxies():
        socket.create_connection((host, 443), timeout=10).close()


def _digest(folder, split):
    """Names the content by its files: their names, sizes, and first and last 64 KiB."""
    digest = hashlib.sha256(b"1")  # The format of what is kept.
    for path in [*sorted(folder.glob(f"*-{split}.*")), folder / "features.json"]:
        if not path.is_file():
            continue
        size = path.stat().st_size
        digest.update(f"{path.name} {size}".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 16))
            file.seek(max(size - (1 << 16), 0))
            digest.update(file.read())
    return digest.hexdigest()[:16]


def _decode(name, split, folder):
    parts = [(row["image"], row["label"]) for row in _rows(name, split, folder)]
    images, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
    return images.astype(np.uint8), labels.astype(np.int32)


def _rows(name, split, folder, most=None):
    """Yields dictionaries of [n, ...] arrays, in the order of the files, `most` rows in all."""
    import tensorflow as tf
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder_from_directory(folder)
        count = builder.info.splits[split].num_examples
        count = min(count, count if most is None else most)
        part = f"{split}[:{count}]"
        rows = builder.as_dataset(split=part, batch_size=_BATCH, shuffle_files=False)
        progress = Progress(count, "images")
        for i, row in enumerate(rows.as_numpy_iterator()):
            yield row
            progress.reached((i + 1) * _BATCH)
    except (OSError, ValueError, KeyError, AssertionError, tf.errors.OpError) as error:
        reason = first_line(error)
        raise ValueError(
            f"data_dir must hold whole files of {name}; {folder} can't be read: {reason}"
        ) from None
