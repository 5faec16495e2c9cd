"""The pictures of a model of images: what they are, when they exist, how much of each is drawn.

`AT_EVALUATION` and `FULL` say how much: the name of a picture -> arguments of its function here.
"""

import dataclasses
from typing import Any

import numpy as np

from keras_iidgan import latent_codes, plots

_MOST_CLASSES = 20
_REACH = 3.0  # Of a traversal: 99.7% of N(0, 1) lie within.


@dataclasses.dataclass(frozen=True)
class _Source:
    """What pictures are made from; every image that a model generates comes out of `generate`."""

    model: Any
    data: Any
    seed: int
    title: str

    def generate(self, z):
        return self.model.generate(z)

    def codes(self, count):
        return self.model.latents(count, self.seed)

    def titled(self, text):
        return f"{text}\n{self.title}" if self.title else text


def draw(model, data, amount, *, seed=0, title=""):
    """Draw a model as it is now.

    Args:
        model: anything with `latents`, `generate`, `latent_dim`, and `invert` if `can_invert`.
        data: a `Data` of images.
        amount: `AT_EVALUATION`, a few hundred images, or `FULL`.
        seed: seed of the codes.
        title: of every picture.

    Returns:
        `{name: matplotlib.figure.Figure}`, without those that `left_out` names.
    """
    source, missing = _Source(model, data, seed, title), left_out(model, data)
    return {
        name: _PICTURES[name](source, **arguments)
        for name, arguments in amount.items()
        if name not in missing
    }


def left_out(model, data):
    """Return `{name of a picture: why it can't be drawn}`."""
    missing, size = {}, model.latent_dim
    if not data.num_modes:
        missing["classes"] = f"nobody says which class an image of {data.name} shows"
    elif data.num_modes > _MOST_CLASSES:
        missing["classes"] = f"{data.num_modes:,} modes are more than {_MOST_CLASSES} rows"
    if size != 2:
        missing["plane"] = f"the codes have {size} dimensions, not 2"
    if size < 2:
        missing["polar"] = "the codes have fewer than 2 dimensions"
    if not model.can_invert:
        missing |= dict.fromkeys(("reconstructions", "interpolation"), "there is no encoder")
    elif len(data.test) < 2:
        missing["interpolation"] = "there are fewer than 2 test images"
    return missing


def _samples(source, count):
    x = source.generate(source.codes(count))
    return plots.samples_figure(x, title=source.title)


def _classes(source, count, columns):
    x = source.generate(source.codes(count))
    found = source.data.assign(x)
    names = source.data.class_names or range(source.data.num_modes)
    what = f"by class: {len(x):,} samples, {found.good.mean():.0%} good"
    return plots.class_grid_figure(
        x,
        np.where(found.good, found.mode, -1),
        names=names,
        columns=columns,
        title=source.titled(what),
    )


def _plane(source, size):
    z = latent_codes.plane(source.model.latent_dim, size)
    return plots.plane_figure(source.generate(z), title=source.titled("G(z) over the z-plane"))


def _polar(source, angles, radii):
    size = source.model.latent_dim
    angles = latent_codes.even_angles(angles)
    radii = latent_codes.even_radii(size, radii)
    x = source.generate(latent_codes.polar(size, angles, radii))
    among = f" in dimensions 1 and 2 of {size}" if size > 2 else ""
    title = source.titled(f"G(z), z in polar coordinates{among}")
    return plots.polar_figure(x, angles=angles, radii=radii, title=title)


def _traversals(source, dimensions, values):
    size, (z,) = source.model.latent_dim, source.codes(1)
    values = np.linspace(-_REACH, _REACH, values)
    shown = min(size, dimensions)
    codes = [latent_codes.traversal(z, dimension, values) for dimension in range(shown)]
    among = f" (1 to {shown} of {size})" if shown < size else ""
    return plots.traversals_figure(
        source.generate(np.concatenate(codes)),
        rows=[f"z {dimension + 1}" for dimension in range(shown)],
        values=values,
        title=source.titled(f"G(z) as one dimension of z varies{among}"),
    )


def _reconstructions(source, count):
    x = source.data.test[:count]
    rebuilt = source.generate(source.model.invert(x))
    title = source.titled("x above G(F(x))")
    return plots.reconstructions_figure(x, rebuilt, title=title)


def _interpolation(source, pairs, steps):
    count = min(pairs, len(source.data.test) // 2)
    x0, x1 = source.data.test[:count], source.data.test[count : 2 * count]
    z = latent_codes.interpolate(source.model.invert(x0), source.model.invert(x1), steps)
    title = source.titled("from x to x' by G of the codes between")
    return plots.interpolation_figure(x0, source.generate(z), x1, title=title)


_PICTURES = {
    "samples": _samples,
    "classes": _classes,
    "plane": _plane,
    "polar": _polar,
    "traversals": _traversals,
    "reconstructions": _reconstructions,
    "interpolation": _interpolation,
}
AT_EVALUATION = {
    "samples": {"count": 64},
    "classes": {"count": 256, "columns": 10},
    "plane": {"size": 20},
    "traversals": {"dimensions": 8, "values": 7},
    "reconstructions": {"count": 12},
    "interpolation": {"pairs": 6, "steps": 6},
}
FULL = {
    "samples": {"count": 256},
    "classes": {"count": 2000, "columns": 20},
    "plane": {"size": 20},
    "polar": {"angles": 24, "radii": 12},
    "traversals": {"dimensions": 32, "values": 13},
    "reconstructions": {"count": 48},
    "interpolation": {"pairs": 12, "steps": 11},
}
