"""Images from a TensorFlow Datasets directory, decoded once and kept.

A prepared directory is read as it is: without the network and without the code that made it. What
isn't there is downloaded by TensorFlow Datasets, which shows its progress.
"""

import hashlib
import os
import pathlib
import sys

import numpy as np

from keras_iidgan.data import cache, network

# Data set -> the major version whose contents this package knows.
VERSIONS = {"mnist": 3, "fashion_mnist": 3, "cifar10": 3, "cifar100": 3}
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
        network.check("storage.googleapis.com")
        # The exact version is TensorFlow Datasets' own choice among those of our major one.
        builder = tfds.builder(f"{name}:{VERSIONS[name]}.*.*", data_dir=str(root), try_gcs=False)
        builder.download_and_prepare()
    except Exception as error:  # Many kinds: of the network, of the server, of the disk.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise ValueError(
            f"data_dir must be a TensorFlow Datasets directory that holds {name}; {root} doesn't, "
            f"and it can't be downloaded ({reason}). Prepare it where there is a network, with "
            f"`tfds build {name}`, and copy the folder; digits and stacked_digits need none"
        ) from None
    return pathlib.Path(builder.data_dir)


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
    import tensorflow as tf
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder_from_directory(folder)
        rows = builder.as_dataset(split=split, batch_size=_BATCH, shuffle_files=False)
        parts = [(row["image"], row["label"]) for row in rows.as_numpy_iterator()]
        images, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
    except (OSError, ValueError, KeyError, AssertionError, tf.errors.OpError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise ValueError(
            f"data_dir must hold whole files of {name}; {folder} can't be read: {reason}"
        ) from None
    return images.astype(np.uint8), labels.astype(np.int32)
