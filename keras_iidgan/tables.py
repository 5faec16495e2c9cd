"""The tables of RESULTS.md: which runs they are made of, and how they are written."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Row:
    """One row: a name and the flags of its runs, a seed apart.

    Args:
        name: what the row is called, and part of its files' names.
        flags: flags of `keras_iidgan.train`.
    """

    name: str
    flags: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Table:
    """One table.

    Args:
        title: its heading.
        text: what is compared, in a few sentences.
        rows: its rows.
        seeds: seeds of every row.
        columns: heading -> (key in `summary.json`, format of the mean and the deviation).
        picture: data set of points whose runs are drawn over their steps, or none.
    """

    title: str
    text: str
    rows: tuple[Row, ...]
    seeds: tuple[int, ...]
    columns: dict[str, tuple[str, str]]
    picture: str = ""


_POINTS = {
    "modes": ("modes_covered", ".1f"),
    "quality": ("high_quality", ".2%"),
    "reverse KL": ("reverse_kl", "+.3f"),
    "of good samples": ("reverse_kl_normalised", ".3f"),
    "KL, 26 or 9 bins": ("kl", ".3f"),
    "std ratio": ("std_ratio", ".2f"),
    "steps": ("steps", ",.0f"),
}
_SHORT = {k: _POINTS[k] for k in ("modes", "quality", "reverse KL")}
_IMAGES = {
    "modes": ("modes_covered", ".1f"),
    "classified as": ("modes_assigned", ".1f"),
    "above 0.75": ("high_quality", ".1%"),
    "KL": ("kl", ".3f"),
    "|x - G(F(x))|": ("reconstruction_error", ".3f"),
}
_LOSSES = ("p_norm", "w2", "kl_pq", "kl_qp", "w2_1d", "z_discriminator", "none")


_CODES = {"|mean F(x)|": ("codes_mean", ".3f"), "|cov F(x) - I|": ("codes_covariance", ".3f")}
_NOISE_FREE = "--hparam=instance_noise=0"
# Wide modes need no long sharpening.
_VARIANCE = ("--std=variance", "--steps=60000", "--eval_every=6000")


def _synthetic(dataset):
    return tuple(
        Row(f"{method} {dataset} {kind}", (f"--flagfile=configs/{method}_{dataset}.flags", *more))
        for kind, more in (
            ("paper", ()),
            ("paper noise-free", (_NOISE_FREE,)),
            ("variance", _VARIANCE),
        )
        for method in ("iidgan", "gan")
    )


TABLES = {
    "ring": Table(
        "Ring: 8 modes",
        "The same networks, steps, rates and schedule for both methods, and the same noise on what "
        "D sees, which falls as the square of the rate; `noise-free` rows go without it, as the "
        "paper does. `paper` is the printed standard deviation of 0.001, `variance` reads that "
        "figure as a variance (0.0316). The paper prints 8 modes, 99.0 % and 0.17 for IID-GAN, "
        "3.6, 98.8 % and 0.92 for GAN.",
        _synthetic("ring"),
        (0, 1, 2, 3, 4),
        _POINTS,
    ),
    "grid": Table(
        "Grid: 25 modes",
        "As above; `paper` is a standard deviation of 0.0025, `variance` of 0.05. The paper prints "
        "25 modes, 98.0 % and 0.26 for IID-GAN, 18.4, 98.0 % and 0.75 for GAN.",
        _synthetic("grid"),
        (0, 1, 2, 3, 4),
        _POINTS,
    ),
    "gaussian": Table(
        "Gaussian losses on the ring",
        "IID-GAN on the ring, preset `paper`, noise-free, with each Gaussian loss in turn (Fig. "
        "8). The last columns measure what the loss is there for: how far mean and covariance of "
        "the codes of test data are from those of N(0, I).",
        tuple(
            Row(
                f"ring {name}",
                (
                    "--flagfile=configs/iidgan_ring.flags",
                    f"--hparam=gaussian={name}",
                    _NOISE_FREE,
                    "--steps=40000",
                    "--eval_every=4000",
                ),
            )
            for name in _LOSSES
        ),
        (0, 1, 2),
        _POINTS | _CODES,
        picture="ring",
    ),
    "stacked_digits": Table(
        "Stacked digits: 1,000 modes",
        "Three 8x8 handwritten digits as RGB, classified channel by channel.",
        tuple(
            Row(f"{method} stacked_digits", (f"--flagfile=configs/{method}_stacked_digits.flags",))
            for method in ("iidgan", "gan")
        ),
        (0, 1, 2),
        _IMAGES,
    ),
}


def render(measured):
    """Write RESULTS.md.

    Args:
        measured: `{table: {row name: list of summaries}}`.

    Returns:
        The page's text; tables and rows without runs are left out.
    """
    parts = [_HEAD]
    for key, table in TABLES.items():
        found = {r.name: measured.get(key, {}).get(r.name, []) for r in table.rows}
        found = {name: runs for name, runs in found.items() if runs}
        if found:
            parts.append(_table(key, table, found))
    return "\n\n".join(parts) + "\n"


def render_short(measured):
    """Return the tables of the README: those of the paper's Table 1, with their protocol."""
    parts = []
    for key in ("ring", "grid"):
        found = measured.get(key, {})
        rows = [r.name for r in TABLES[key].rows if " paper" in r.name and r.name in found]
        if rows:
            table = dataclasses.replace(TABLES[key], text="", columns=_SHORT)
            parts.append(_rows(table, {name: found[name] for name in rows}))
    return "\n\n".join(parts)


_HEAD = """# Results

Made by `python -m keras_iidgan.compare`; nothing here is typed by hand. Figures are mean ± sample
standard deviation over the seeds named beside the row, each from the samples of the last step. The
kept figures of every run are in `configs/measured`."""


def _table(key, table, found):
    command = f"`python -m keras_iidgan.compare --tables={key}`"
    picture = [f"![{table.title}](configs/measured/{key}.png)"] if table.picture else []
    return "\n\n".join([f"## {table.title}", table.text, _rows(table, found), *picture, command])


def _rows(table, found):
    lines = ["| run | seeds | " + " | ".join(table.columns) + " |"]
    lines.append("|---|---|" + "---|" * len(table.columns))
    for name, runs in found.items():
        seeds = ", ".join(str(run["seed"]) for run in runs)
        cells = [_cell([run[k] for run in runs if k in run], f) for k, f in table.columns.values()]
        lines.append(f"| {name} | {seeds} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", _protocol(found)])


def _cell(values, style):
    if not values:
        return "-"
    mean = format(statistics.fmean(values), style)
    if len(set(values)) == 1 and (len(values) == 1 or style.startswith(",")):
        return mean
    return f"{mean} ± {format(statistics.stdev(values), style.lstrip('+'))}"


def _protocol(found):
    """Say how the figures were taken, from the runs themselves."""
    runs = [run for group in found.values() for run in group]
    said = []
    for label, key, style in (
        ("generated samples", "samples", ",d"),
        ("a mode counts from this many good samples", "protocol_threshold", "d"),
        ("quality of a perfect sampler", "protocol_perfect_high_quality", ".2%"),
        ("its reverse KL", "protocol_perfect_reverse_kl", "+.3f"),
        ("expected KL of a perfect sampler of this size", "protocol_bias_kl", ".4f"),
        ("classifier's accuracy on test digits", "protocol_classifier_test_accuracy", ".2%"),
        ("share of test digits above 0.75", "protocol_classifier_test_high_quality", ".2%"),
    ):
        values = sorted({run[key] for run in runs if key in run})
        if values:
            said.append(f"{label}: {', '.join(format(v, style) for v in values)}")
    return "Protocol: " + "; ".join(said) + "."
