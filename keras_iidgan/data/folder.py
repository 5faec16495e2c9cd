"""A folder of pictures of one's own: any tree of image files."""

import concurrent.futures
import hashlib
import pathlib
import sys

import numpy as np

from keras_iidgan.data import cache
from keras_iidgan.data.base import Data, Dataset, pixels
from keras_iidgan.data.photos import shuffled

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
LARGEST, SMALLEST, USUAL = 512, 8, 64
MOST_SKIPPED = 0.1
_LONGEST = 3.0  # Ratio of the sides beyond which a centre square misses the picture.
_TEST_SHARE, _MOST_TEST = 0.1, 2_000
_NAMED = 10


def _build(*, seed, std, size, data_dir, image_size):
    """Reads the pictures below `data_dir`.

    A picture is turned as its EXIF data say, its centre square is cut out, and resized with
    antialiasing; what is transparent becomes white, and 16 bits become 8. Where every picture lies
    in one of two folders or more, the first-level folders are its classes. Images have three channels, or one if all are grey. A picture is skipped, and
    named, if it can't be decoded, if its shorter side is less than half of `image_size`, or if its
    sides differ by more than three to one. About a tenth of the pictures is the test set, chosen
    by their paths alone.
    """
    del std
    if not data_dir:
        raise ValueError("data_dir must name a folder of pictures for the data set folder")
    root = pathlib.Path(data_dir).expanduser()
    if not root.is_dir():
        raise ValueError(f"data_dir must name a folder of pictures; {root} is none")
    paths = _pictures(root)
    if not paths:
        raise ValueError(f"data_dir must hold pictures ({', '.join(SUFFIXES)}); {root} holds none")
    images, kept = _read(root, paths, image_size)
    classes = _classes(root, kept)
    is_test = _chosen_for_test(root, kept)
    if is_test.all():
        raise ValueError(f"data_dir must hold 2 pictures or more; {root} holds {len(kept)}")
    labels = np.array([classes.index(_first(root, p)) for p in kept], np.int32) if classes else None
    train, train_labels = shuffled(
        _rows(images, ~is_test), None if labels is None else labels[~is_test], seed, size, "folder"
    )
    return Data(
        name="folder",
        kind="images",
        train=train,
        test=pixels(np.asarray(images[is_test])),
        labels=train_labels,
        class_names=classes,
    )


def _pictures(root):
    found = (p for p in root.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    return sorted(p for p in found if not p.name.startswith("."))


def _first(root, path):
    return path.relative_to(root).parts[0]


def _classes(root, paths):
    """Returns the names of the classes, none where the pictures don't lie in folders of classes."""
    if any(path.parent == root for path in paths):
        return ()
    names = sorted({_first(root, path) for path in paths})
    return tuple(names) if len(names) > 1 else ()


def _chosen_for_test(root, paths):
    """Chooses by a hash of the path, so that more pictures leave the choice among these alone."""
    hashes = [
        int.from_bytes(hashlib.sha256(str(p.relative_to(root)).encode()).digest()[:8])
        for p in paths
    ]
    order = np.argsort(np.array(hashes, np.uint64), kind="stable")
    count = sum(h < _TEST_SHARE * 2**64 for h in hashes)
    chosen = np.zeros(len(paths), bool)
    chosen[order[: min(max(count, 1), _MOST_TEST)]] = True
    return chosen


def _rows(images, chosen):
    """The chosen rows; of a map on the disk a view of all of them, test pictures among them."""
    if isinstance(images, np.memmap):
        raise ValueError(
            "data_dir must hold pictures that fit into a quarter of the memory; give a smaller "
            "--image_size"
        )
    return images[chosen]


def _read(root, paths, side):
    """Returns the pictures that can be used, [N, side, side, C] uint8, and their paths."""
    digest = hashlib.sha256(f"1 {side}".encode())
    for path in paths:
        stat = path.stat()
        digest.update(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    file = cache.cache_folder() / f"folder-{side}-{digest.hexdigest()[:16]}.npz"
    stored = cache.load(file, "decoding again")
    if stored is not None:
        return stored["images"], [root / name for name in stored["names"]]
    images, kept, skipped = _decode(paths, side)
    _report(root, paths, skipped)
    names = np.array([str(path.relative_to(root)) for path in kept])
    cache.keep(file, "the decoded pictures", images=images, names=names)
    return images, kept


def _decode(paths, side):
    """Decodes in threads: images, their paths, and what was skipped, path -> why."""
    images, kept, skipped = [], [], {}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for i, (path, found) in enumerate(
            zip(paths, pool.map(lambda p: _picture(p, side), paths), strict=True), 1
        ):
            if isinstance(found, str):
                skipped[path] = found
            else:
                images.append(found)
                kept.append(path)
            if i % 5000 == 0:
                print(f"  {i:,} of {len(paths):,} pictures", file=sys.stderr, flush=True)
    if images and all(image.shape[-1] == 1 for image in images):
        return np.stack(images), kept, skipped
    images = [np.repeat(x, 3, axis=-1) if x.shape[-1] == 1 else x for x in images]
    return np.stack(images) if images else np.zeros([0, side, side, 3], np.uint8), kept, skipped


def _picture(path, side):
    """Returns a picture [side, side, 1 or 3] uint8, or why it can't be used."""
    import PIL.Image
    import PIL.ImageOps

    try:
        with PIL.Image.open(path) as file:
            size = file.size
            if min(size) < side / 2:
                return f"{size[0]}x{size[1]} is less than half of {side}"
            if max(size) > _LONGEST * min(size):
                return f"{size[0]}x{size[1]} is too long"
            image = _plain(PIL.ImageOps.exif_transpose(file))
            least = min(image.size)
            left, top = ((length - least) // 2 for length in image.size)
            image = image.crop((left, top, left + least, top + least))
            image = image.resize((side, side), PIL.Image.Resampling.BICUBIC)
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        return f"it can't be decoded ({(str(error) or type(error).__name__)[:80]})"
    return np.asarray(image, np.uint8).reshape(side, side, -1)


def _plain(image):
    """Turns a picture of any kind to 8 bits, grey or RGB; what is transparent becomes white."""
    import PIL.Image

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more: I, I;16 and the like.
        values = np.asarray(image, np.float64)
        most = 255 if values.max(initial=0) <= 255 else 65535
        return PIL.Image.fromarray((values * 255 / most).clip(0, 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = PIL.Image.new("RGBA", image.size, "white")
        return PIL.Image.alpha_composite(white, image).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _report(root, paths, skipped):
    """Says which pictures were skipped and why.

    Raises:
        ValueError: they are too many.
    """
    if not skipped:
        return
    named = [f"{p.relative_to(root)}: {why}" for p, why in list(skipped.items())[:_NAMED]]
    if len(skipped) > _NAMED:
        named.append(f"and {len(skipped) - _NAMED:,} more")
    if len(skipped) > MOST_SKIPPED * len(paths):
        raise ValueError(
            f"data_dir must hold pictures of which at most {MOST_SKIPPED:.0%} are skipped; of "
            f"{len(paths):,} in {root} {len(skipped):,} would be: {'; '.join(named)}"
        )
    print(f"Skipping {len(skipped):,} of {len(paths):,} pictures:", file=sys.stderr)
    for line in named:
        print(f"  {line}", file=sys.stderr, flush=True)


DATASETS = {
    "folder": Dataset(build=_build, sizes=(USUAL,), size_range=(SMALLEST, LARGEST)),
}
