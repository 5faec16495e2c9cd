"""The pictures of a model of images: what they are, when they exist, how much of each is drawn.

`AT_EVALUATION` and `FULL` say how much: the name of a picture -> arguments of its function here.
"""

import dataclasses
from typing import Any

import numpy as np

from keras_iidgan import class_pictures, latent_codes, plots

_REACH = 3.0  # Of a traversal: 99.7% of N(0, 1) lie within.


@dataclasses.dataclass(frozen=True)
class _Source:
    """What pictures are made from; every image that a model generates comes out of `generate`."""

    model: Any
    data: Any
    seed: int
    title: str

    def generate(self, z, labels=None):
        """Generate, by a conditional model as these classes; None takes every one in turn."""
        return self.model.generate(z, labels) if self.is_conditional else self.model.generate(z)

    @property
    def is_conditional(self):
        return class_pictures.model_is_conditional(self.model)

    def sheet(self, z, what):
        """Generate a sheet of one class, and its title, which names the class if there is one."""
        if not self.is_conditional:
            return self.generate(z), self.titled(what)
        return self.generate(z, 0), self.titled(
            f"{what}, class {class_pictures.names(self.data)[0]}"
        )

    def codes(self, count):
        return self.model.latents(count, self.seed)

    def titled(self, text):
        return f"{text}\n{self.title}" if self.title else text


def draw(model, data, amount, *, seed=0, title=""):
    """Draw a model as it is now.

    Args:
        model: anything with `latents`, `generate`, `latent_dim`, and `invert` and `reconstruct` if
            `can_invert`; a conditional one's sheets are of its first class.
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
    reason = class_pictures.why_not(model, data)
    if reason:
        missing["classes"] = reason
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


def _plane(source, size):
    z = latent_codes.plane(source.model.latent_dim, size)
    x, title = source.sheet(z, "G(z) over the z-plane")
    return plots.plane_figure(x, title=title)


def _polar(source, angles, radii):
    size = source.model.latent_dim
    angles = latent_codes.even_angles(angles)
    radii = latent_codes.even_radii(size, radii)
    among = f" in dimensions 1 and 2 of {size}" if size > 2 else ""
    z = latent_codes.polar(size, angles, radii)
    x, title = source.sheet(z, f"G(z), z in polar coordinates{among}")
    return plots.polar_figure(x, angles=angles, radii=radii, title=title)


def _traversals(source, dimensions, values):
    size, (z,) = source.model.latent_dim, source.codes(1)
    values = np.linspace(-_REACH, _REACH, values)
    shown = min(size, dimensions)
    codes = [latent_codes.traversal(z, dimension, values) for dimension in range(shown)]
    among = f" (1 to {shown} of {size})" if shown < size else ""
    x, title = source.sheet(np.concatenate(codes), f"G(z) as one dimension of z varies{among}")
    rows = [f"z {dimension + 1}" for dimension in range(shown)]
    return plots.traversals_figure(x, rows=rows, values=values, title=title)


def _reconstructions(source, count):
    x = source.data.test[:count]
    rebuilt = source.model.reconstruct(x)
    title = source.titled("x above G(F(x))")
    return plots.reconstructions_figure(x, rebuilt, title=title)


def _interpolation(source, pairs, steps):
    count = min(pairs, len(source.data.test) // 2)
    x0, x1 = source.data.test[:count], source.data.test[count : 2 * count]
    z = latent_codes.interpolate(source.model.invert(x0), source.model.invert(x1), steps)
    labels = None
    if source.is_conditional:  # The class of the nearer image.
        first, second = (source.model.classify(x).argmax(axis=1) for x in (x0, x1))
        nearer = np.arange(steps) < steps / 2
        labels = np.where(nearer, first[:, None], second[:, None]).ravel()
    title = source.titled("from x to x' by G of the codes between")
    return plots.interpolation_figure(x0, source.generate(z, labels), x1, title=title)


_PICTURES = {
    "samples": _samples,
    "classes": class_pictures.draw,
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
