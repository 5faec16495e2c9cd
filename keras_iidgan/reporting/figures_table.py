"""Figures of `evaluation.measure` beside those of a perfect sampler, and what they mean."""

import dataclasses
from collections.abc import Callable

from keras_iidgan.reporting.html import Row, element, join, table
from keras_iidgan.reporting.numbers import NONE, number, share


@dataclasses.dataclass(frozen=True)
class Line:
    """A figure that is shown.

    Attributes:
        key: in the figures.
        title: for a person.
        said: what it means.
        perfect: key of a perfect sampler's, or a number.
        style: from a number to text.
        better: "high", "low" or "perfect", whichever is better.
    """

    key: str
    title: str
    said: str
    perfect: str | float | None = None
    style: Callable = number
    better: str = "high"


COVERAGE = (
    Line(
        "modes_covered",
        "modes covered",
        "modes of the data that have at least as many good samples as the protocol asks for",
        "modes_total",
    ),
    Line(
        "reverse_kl_normalised",
        "reverse KL of shares",
        "how unevenly the good samples fall upon the modes, in nats",
        "protocol_bias_reverse_kl_normalised",
        better="low",
    ),
    Line(
        "kl",
        "KL of shares",
        "the same from the data's side, in nats: lost modes weigh heavily",
        "protocol_bias_kl",
        better="low",
    ),
)
QUALITY = (
    Line(
        "high_quality",
        "good samples",
        "share of the samples that lie in a mode, or that the classifier is sure of",
        "protocol_perfect_high_quality",
        share,
    ),
    Line(
        "std_ratio",
        "width of the modes",
        "standard deviation of the good samples of a mode over the true one; below: too narrow",
        "protocol_perfect_std_ratio",
        better="perfect",
    ),
    Line(
        "reconstruction_error",
        "reconstruction error",
        "mean of |x - G(F(x))| over the values of test samples",
        0.0,
        better="low",
    ),
    Line("fid", "FID", "Fréchet distance of features", 0.0, better="low"),
    Line("kid", "KID", "squared kernel distance of features", 0.0, better="low"),
    Line(
        "inception_score", "Inception Score", "sure and varied classes", "inception_score_perfect"
    ),
)
LINES = (*COVERAGE, *QUALITY)
_HEADINGS = ("what", "measured", "perfect sampler")


def known(lines, figures):
    """Return the lines whose figures were measured."""
    return [line for line in lines if figures.get(line.key) is not None]


def value(line, figures):
    """Return a figure as text."""
    return line.style(figures.get(line.key))


def perfect(line, figures):
    """Return what a perfect sampler has, as text."""
    best = figures.get(line.perfect) if isinstance(line.perfect, str) else line.perfect
    return NONE if best is None else line.style(best)


def figures_table(lines, figures):
    """Write a table of the lines whose figures were measured; None if none was."""
    rows = [
        Row(
            [
                join([line.title, element("span", line.said, class_="said")]),
                value(line, figures),
                perfect(line, figures),
            ]
        )
        for line in known(lines, figures)
    ]
    return table(_HEADINGS, rows) if rows else None
