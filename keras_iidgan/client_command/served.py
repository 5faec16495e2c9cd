"""What a served model is of, points or pictures, and the rows that a command line names."""

import dataclasses
import pathlib

import numpy as np

from keras_iidgan.cli import UsageError


@dataclasses.dataclass(frozen=True)
class Served:
    """What the signatures say of a model.

    Attributes:
        shape: Of a sample, without the batch; (H, W) or (H, W, 3) of pictures, (d,) of points.
        num_classes: Of a conditional model; 0 for another, `None` where they can't be known.
        names: Of the signatures.
    """

    shape: tuple
    num_classes: int | None
    names: frozenset

    @property
    def is_of_points(self):
        """Whether samples are points."""
        return len(self.shape) == 1

    @property
    def is_of_pictures(self):
        """Whether samples are grey or colour pictures."""
        return len(self.shape) == 2 or (len(self.shape) == 3 and self.shape[-1] == 3)

    def pictures(self, x):
        """Give pictures the axis of their channel, which a server leaves out where it is one."""
        return x[..., np.newaxis] if len(self.shape) == 2 else x


def look(client):
    """Read of a model's signatures what it is of.

    Raises:
        UsageError: Nothing there makes samples.
    """
    known = client.signatures()
    makers = [known[name] for name in ("sample", "serving_default") if name in known]
    found = [maker.outputs["x"].shape for maker in makers if "x" in maker.outputs]
    if not found or not found[0] or None in found[0][1:]:
        raise UsageError(f"--model must be a GAN of this project's export; got {client.model}")
    num_classes = 0
    if any("label" in maker.inputs for maker in makers):
        probability = known["invert"].outputs.get("probability") if "invert" in known else None
        num_classes = probability.shape[-1] if probability else None
    return Served(tuple(found[0][1:]), num_classes, frozenset(known))


def labels(values, served, count):
    """Return the classes of samples: the flag's for all, or every one in turn; `None` for none."""
    if values.label is None and served.num_classes:
        return np.arange(count) % served.num_classes
    if values.label is None and served.num_classes is None:
        raise UsageError("--label must be given, for the model is conditional; got none")
    if values.label is not None and served.num_classes == 0:
        raise UsageError(f"--label must not be given, for no class is told; got {values.label}")
    return values.label


def rows(served, operands):
    """Read the samples that a command line names: paths of pictures, or points.

    Args:
        served: A `Served`.
        operands: Strings.

    Returns:
        x, [N, *shape] float32.

    Raises:
        UsageError: One of them is none.
    """
    if served.is_of_points:
        return np.array([_point(operand, *served.shape) for operand in operands], np.float32)
    if served.is_of_pictures and served.shape[0] == served.shape[1]:
        return np.stack([_picture(operand, served.shape) for operand in operands])
    raise UsageError(
        f"--model must be of points or square pictures; got samples of shape {list(served.shape)}"
    )


def _point(text, size):
    try:
        point = [float(number) for number in text.split(",")]
    except ValueError:
        point = []
    if len(point) != size:
        raise UsageError(f"a point must be {size} numbers with commas between; got {text!r}")
    return point


def _picture(path, shape):
    from keras_iidgan.data import image_files

    path = pathlib.Path(path).expanduser()
    file = image_files.ImageFile(path.parent, path.name, (0, 0))
    pixels = image_files.read(file, shape[0], len(shape) == 2)
    if isinstance(pixels, str):
        raise UsageError(f"a picture must be an image file; got {path}: {pixels}")
    return pixels.reshape(shape) / np.float32(127.5) - 1
