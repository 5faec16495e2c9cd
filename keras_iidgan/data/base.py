"""What a data set is: arrays, modes, and how a sample is assigned to a mode."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

KINDS = ("points", "images")


class Assignment(NamedTuple):
    """The mode of every sample, and whether the sample is good enough to count for it.

    Attributes:
        mode: [N] int32 in 0..K-1. A sample that has no mode at all because it isn't finite has -1.
        good: [N] bool.
        distance: [N] float64, Euclidean distance to the centre of the mode, inf for a sample that
            isn't finite; None for images.
        confidence: [N] float64 in [0, 1], the classifier's largest probability (the smallest of
            them over the channels of a stack), 0 for a sample that isn't finite; None for points.
    """

    mode: np.ndarray
    good: np.ndarray
    distance: np.ndarray | None = None
    confidence: np.ndarray | None = None


@dataclasses.dataclass(frozen=True, eq=False)
class Data:
    """One data set, in memory or, where it is large, mapped from the disk.

    Attributes:
        name: the name that `load` knows it by.
        kind: "points" (unscaled) or "images" (pixels in [-1, 1], channels last).
        train: [N, *shape] float32; of images also uint8, the pixels as they are stored, which
            `pixels` and the input pipeline scale. Many images are a read-only `np.memmap`.
        test: [N_test, *shape] float32, drawn apart from `train`.
        num_modes: K, or 0 where nobody can say of a sample which mode it belongs to; `assign`,
            `mode_weights` and `centers` are then None.
        assign: a callable, x [N, *shape] -> `Assignment`.
        mode_weights: [K] float64, the true share of each mode; they sum to 1.
        labels: [N] int32, the mode of each row of `train`, or its class where there are no modes;
            None where neither is known.
        class_names: a name for every value of `labels`; empty where the numbers say all.
        centers: [K, d] float64, the means of the modes; None for images.
        std: standard deviation of every mode along every axis; None for images, and for modes that
            have no width.

    Raises:
        ValueError: an array doesn't fit the others, or a value is out of its range.
    """

    name: str
    kind: str
    train: np.ndarray
    test: np.ndarray
    num_modes: int = 0
    assign: Callable[[np.ndarray], Assignment] | None = None
    mode_weights: np.ndarray | None = None
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    centers: np.ndarray | None = None
    std: float | None = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {self.kind!r}")
        for part in ("train", "test"):
            is_stored = part == "train" and self.kind == "images" and self.train.dtype == np.uint8
            check_samples(part, getattr(self, part), self.shape, is_stored)
        if self.num_modes:
            check_weights(self.mode_weights, self.num_modes)
        elif self.assign is not None or self.mode_weights is not None:
            raise ValueError("num_modes must be above 0 where assign or mode_weights are given")
        self._check_labels()
        self._check_kind()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one sample, without the batch axis."""
        return self.train.shape[1:]

    @property
    def num_classes(self) -> int:
        """Number of values that `labels` may have; 0 without labels."""
        if self.labels is None:
            return 0
        return self.num_modes or len(self.class_names) or int(self.labels.max()) + 1

    def _check_labels(self):
        if self.labels is None:
            return
        if self.labels.shape != (len(self.train),):
            raise ValueError(
                f"labels must hold one mode per training row, shape ({len(self.train)},); "
                f"got {self.labels.shape}"
            )
        if self.labels.min() < 0 or self.labels.max() >= self.num_classes:
            raise ValueError(
                f"labels must lie in 0..{self.num_classes - 1}; "
                f"got {self.labels.min()}..{self.labels.max()}"
            )

    def _check_kind(self):
        if self.kind == "images":
            low, high = self.test.min(), self.test.max()
            if self.train.dtype != np.uint8:
                low, high = min(low, self.train.min()), max(high, self.train.max())
            if low < -1 or high > 1:
                raise ValueError(
                    f"train and test must be pixels in [-1, 1]; got [{low:g}, {high:g}]"
                )
            return
        if not self.num_modes:
            return
        expected = (self.num_modes, *self.shape)
        if self.centers is None or self.centers.shape != expected:
            got = None if self.centers is None else self.centers.shape
            raise ValueError(f"centers must have shape {expected}; got {got}")
        if self.std is not None:
            check_positive("std", self.std)


@dataclasses.dataclass(frozen=True)
class Dataset:
    """How a module of this folder declares a data set that `load` can make.

    Attributes:
        build: called as `build(seed=int, std=float or None, size=int or None, data_dir=str or
            None)`, and with `image_size=int` where there are `sizes`; returns `Data`.
        presets: preset name -> standard deviation; empty where the data have none to choose. The
            first one is the default.
        sizes: heights in pixels that images can be made in, the default first, or a `range` of them
            beside `usual_size`; empty where there is no choice.
        usual_size: the default; None is the first of `sizes`.
    """

    build: Callable[..., Data]
    presets: Mapping[str, float] = dataclasses.field(default_factory=dict)
    sizes: tuple[int, ...] | range = ()
    usual_size: int | None = None


def check_positive(name: str, value):
    """Raises ValueError unless `value`, the argument called `name`, is finite and above 0."""
    if not isinstance(value, int | float) or not 0 < value < np.inf:
        raise ValueError(f"{name} must be a finite number above 0; got {value!r}")


def check_weights(weights: np.ndarray, num_modes: int):
    """Raises ValueError unless `weights` are [num_modes] positive shares that sum to 1."""
    if np.shape(weights) != (num_modes,):
        raise ValueError(f"mode_weights must have shape ({num_modes},); got {np.shape(weights)}")
    if np.min(weights) <= 0 or abs(np.sum(weights) - 1) > 1e-6:
        raise ValueError(
            f"mode_weights must be above 0 and sum to 1; got a least of {np.min(weights):g} "
            f"and a sum of {np.sum(weights):g}"
        )


def pixels(x: np.ndarray) -> np.ndarray:
    """Returns images as float32 in [-1, 1]: uint8 p as p / 127.5 - 1, others as they are."""
    if x.dtype == np.uint8:
        return x.astype(np.float32) / np.float32(127.5) - 1
    return x.astype(np.float32, copy=False)


def check_samples(name: str, x: np.ndarray, shape: tuple[int, ...], is_stored: bool = False):
    """Raises ValueError unless `x` is [N >= 1, *shape], finite float32 or stored as uint8."""
    if x.ndim < 2 or x.shape[1:] != shape or not len(x):
        raise ValueError(f"{name} must have shape (N, *{shape}) with N >= 1; got {x.shape}")
    if is_stored:
        return
    if x.dtype != np.float32 or not np.isfinite(x).all():
        raise ValueError(f"{name} must be finite float32; got {x.dtype}")
