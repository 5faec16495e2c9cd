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

from keras_iidgan.data import cache

# Data set -> the major version whose contents this package knows.
VERSIONS = {"mnist": 3, "fashion_mnist": 3, "cifar10": 3, "cifar100": 3, "stl10": 1, "celeb_a": 2}
_BATCH = 1000


def read(
    name: str,
    split: str,
    data_dir: str | None = None,
    *,
    side: int | None = None,
    crop: int | None = None,
    labelled: bool = True,
):
    """Reads the images and labels of one split.

    They are decoded at the first call, and then read from the cache folder. What is too large for
    the memory is left on the disk.

    Args:
        name: one of `VERSIONS`.
        split: such as `train` or `test`.
        data_dir: a TensorFlow Datasets directory; None is TensorFlow Datasets' own default.
        side: height and width that images are resized to, with antialiasing; None leaves them.
        crop: side of the centre square that is cut out before; None takes all.
        labelled: whether there are labels.

    Returns:
        Images [N, H, W, C] uint8, an array or a read-only memory map, and labels [N] int32 or
        None, in the order of the files.

    Raises:
        ValueError: the directory doesn't hold the data and they can't be downloaded, it holds them
            in another version, or its files are broken.
    """
    folder = _folder(name, data_dir)
    shaped = "".join(f"-{what}{n}" for what, n in (("crop", crop), ("side", side)) if n)
    stem = cache.cache_folder() / f"{name}-{split}{shaped}-{_digest(folder, split)}"
    kept, large = stem.with_suffix(".npz"), stem.with_suffix(".npy")
    found = cache.load(kept, "decoding again")
    images = cache.load_mapped(large) if found is not None and "images" not in found else None
    if found is not None and ("images" in found or images is not None):
        return found.get("images", images), found.get("labels")
    print(f"Decoding {name} ({split}), once ...", file=sys.stderr, flush=True)
    images, labels = _Decoder(name, folder, split, side, crop, labelled)(large)
    arrays = {"labels": labels} if labelled else {"count": np.asarray(len(images))}
    if not isinstance(images, np.memmap):
        arrays["images"] = images
    cache.keep(kept, "the decoded images", **arrays)
    return images, labels


def class_names(name: str, data_dir: str | None = None) -> tuple[str, ...]:
    """Returns the names of a data set's labels, or none where its directory doesn't say."""
    path = _folder(name, data_dir) / "label.labels.txt"
    return tuple(path.read_text().split("\n")[:-1]) if path.is_file() else ()


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
        raise ValueError(
            f"data_dir must be a TensorFlow Datasets directory that holds {name}; {root} doesn't, "
            f"and it can't be downloaded ({_reason(error)}). Prepare it where there is a network, "
            f"with `tfds build {name}`, and copy the folder; digits and stacked_digits need none"
        ) from None
    return pathlib.Path(builder.data_dir)


def check_network(host: str):
    """Raises OSError where a host can't be reached; a downloader would try for minutes."""
    if not urllib.request.getproxies():
        socket.create_connection((host, 443), timeout=10).close()


def _reason(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


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


class _Decoder:
    """Decodes one split, into memory or into a file."""

    def __init__(self, name, folder, split, side, crop, labelled):
        self.name, self.folder, self.split = name, folder, split
        self.side, self.crop, self.labelled = side, crop, labelled

    def __call__(self, large):
        """Returns images and labels; the images as a map of the file `large` if need be."""
        import tensorflow as tf
        import tensorflow_datasets as tfds

        try:
            builder = tfds.builder_from_directory(self.folder)
            count = builder.info.splits[self.split].num_examples
            rows = builder.as_dataset(split=self.split, batch_size=_BATCH, shuffle_files=False)
            return self._collect(rows.prefetch(1).as_numpy_iterator(), count, large)
        except (OSError, ValueError, KeyError, AssertionError, tf.errors.OpError) as error:
            raise ValueError(
                f"data_dir must hold whole files of {self.name}; {self.folder} can't be read: "
                f"{_reason(error)}"
            ) from None

    def _collect(self, rows, count, large):
        images, labels = [], []
        for row in rows:
            images.append(self._shaped(row["image"]))
            if self.labelled:
                labels.append(row["label"])
            if len(images) == 1 and not cache.fits_in_memory(count * images[0][0].nbytes):
                return self._write(images[0], labels, rows, count, large)
        found = np.concatenate(labels).astype(np.int32) if self.labelled else None
        return np.concatenate(images), found

    def _write(self, first, labels, rows, count, large):
        with cache.mapped(large, (count, *first.shape[1:])) as array:
            array[: len(first)], done = first, len(first)
            for row in rows:
                part = self._shaped(row["image"])
                array[done : done + len(part)] = part
                done += len(part)
                if self.labelled:
                    labels.append(row["label"])
                print(f"  {done:,} of {count:,}", file=sys.stderr, flush=True)
        found = np.concatenate(labels).astype(np.int32) if self.labelled else None
        return cache.load_mapped(large), found

    def _shaped(self, images):
        """Cuts the centre square out of images [n, H, W, C], and resizes it; uint8."""
        import tensorflow as tf

        if self.crop:
            top, left = ((size - self.crop) // 2 for size in images.shape[1:3])
            images = images[:, top : top + self.crop, left : left + self.crop]
        if self.side and images.shape[1:3] != (self.side, self.side):
            size = [self.side, self.side]
            images = tf.image.resize(images, size, antialias=True).numpy().round().clip(0, 255)
        return images.astype(np.uint8)
