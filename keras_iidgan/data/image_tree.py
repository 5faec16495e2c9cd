"""The images of a tree, decoded in threads and kept; what can't be used is named and skipped."""

import dataclasses
import hashlib
import json
import os
import pathlib
import sys

import numpy as np

from keras_iidgan.data import cache, image_files, squares, stored

MOST_SKIPPED, LEAST_SKIPPED = 0.1, 5
_NAMED = 10


@dataclasses.dataclass(frozen=True)
class Part:
    """The images of one split.

    Attributes:
        images: [N, side, side, 1 or 3] uint8, as of `stored.load`.
        tops: of each image its folder at the first level.
    """

    images: np.ndarray
    tops: list[str]


def read(root: pathlib.Path, train: list, test: list, side: int) -> tuple[Part, Part]:
    """Reads the images of two splits, from the cache where no name, size or time has changed.

    Files that can't be decoded, or whose size `image_files.look` refuses, are skipped; stderr has
    their number and the first ten names.

    Args:
        root: the tree, for messages.
        train: `image_files.ImageFile`s.
        test: more of them.
        side: of the squares, in pixels.

    Returns:
        The parts, in the order of the files.

    Raises:
        ValueError: more than a tenth of the files, and at least 5, are skipped, or a part is empty.
    """
    splits = {"train": train, "test": test}
    stem = str(cache.cache_folder() / f"folder-{side}-{_digest(splits, side)}")
    notes, images = _kept(stem) or _decode(root, splits, side, stem)
    skipped, count = notes["skipped"], len(train) + len(test)
    if skipped:
        print(f"Skipped of {count:,} images {_listed(skipped)}", file=sys.stderr, flush=True)
    if any(not len(images[part]) for part in splits):
        raise ValueError(
            f"data_dir must hold at least two images that can be used, one of them for tests; "
            f"{root}: skipped {_listed(skipped)}"
        )
    return tuple(Part(images[part], notes["tops"][part]) for part in splits)


def _digest(splits, side):
    digest = hashlib.sha256(f"1 {side}".encode())  # The format of what is kept.
    for part, files in splits.items():
        for file in files:
            digest.update(os.fsencode(f"{part} {len(file.name)} {file.name} {file.state}"))
    return digest.hexdigest()[:16]


def _kept(stem):
    """Opens what `_decode` has kept; None where it isn't whole."""
    known = cache.load(pathlib.Path(f"{stem}.npz"), "decoding again")
    if known is None:
        return None
    notes = json.loads(str(known["notes"]))
    images = {part: stored.load(_path(stem, part)) for part in notes["tops"]}
    counts = {part: len(tops) for part, tops in notes["tops"].items()}
    is_whole = all(x is not None and len(x) == counts[part] for part, x in images.items())
    return (notes, images) if is_whole else None


def _path(stem, part):
    return pathlib.Path(f"{stem}-{part}.npy")


def _decode(root, splits, side, stem):
    """Decodes and keeps both parts; returns notes on their files, and part -> images."""
    print(f"Reading the images in {root}, once ...", file=sys.stderr, flush=True)
    files = [file for part in splits.values() for file in part]
    looks = squares.in_threads(lambda file: image_files.look(file, side), files, "files looked at")
    heads = dict(zip([f.name for f in files], (x for chunk in looks for x in chunk), strict=True))
    skipped = {name: why for name, (_, why) in heads.items() if why}
    _check_skipped(root, skipped, len(files))
    is_grey = all(grey for grey, why in heads.values() if not why)
    notes, images = {"skipped": skipped, "tops": {}}, {}
    for part, all_files in splits.items():
        usable = [file for file in all_files if file.name not in skipped]
        unread = {}
        images[part] = stored.keep(
            _path(stem, part),
            lambda usable=usable, unread=unread: _chunks(usable, side, is_grey, unread),
            (side, side, 1 if is_grey else 3),
        )
        notes["tops"][part] = [file.top for file in usable if file.name not in unread]
        skipped |= unread
        _check_skipped(root, skipped, len(files))
    cache.keep(pathlib.Path(f"{stem}.npz"), "the images' names", notes=json.dumps(notes))
    return notes, images


def _chunks(files, side, is_grey, unread):
    """Yields [n, side, side, C] uint8, and notes in `unread` why a file couldn't be read."""
    names = iter([file.name for file in files])
    read = squares.in_threads(lambda file: image_files.read(file, side, is_grey), files, "images")
    for chunk in read:
        named = dict(zip([next(names) for _ in chunk], chunk, strict=True))
        unread |= {name: why for name, why in named.items() if isinstance(why, str)}
        whole = [image for image in chunk if not isinstance(image, str)]
        if whole:
            yield np.stack(whole)


def _check_skipped(root, skipped, count):
    if len(skipped) >= LEAST_SKIPPED and len(skipped) > MOST_SKIPPED * count:
        raise ValueError(
            f"data_dir must hold images of which at most {MOST_SKIPPED:.0%} can't be used; of "
            f"{count:,} in {root} these can't: {_listed(skipped)}"
        )


def _listed(skipped):
    """Returns number, names and reasons; of more than ten the first ones."""
    first = sorted(skipped.items())[:_NAMED]
    more = len(skipped) - len(first)
    listed = ", ".join(f"{name} ({why})" for name, why in first)
    return f"{len(skipped):,}: {listed}" + (f" and {more:,} more" if more else "")
