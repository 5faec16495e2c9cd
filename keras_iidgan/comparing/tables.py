"""What a table is: its runs, and the figures that it shows."""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Column:
    """One figure.

    Args:
        heading: of the column.
        key: of the figure in a run's `summary.json`.
        style: format of its mean and its deviation.
        best: which mean of a block is the best: `high`, `low`, the key of a figure of the protocol
            that a perfect sampler has, to which the nearest is, or none, for a figure that has no
            better or worse.
    """

    heading: str
    key: str
    style: str
    best: str = ""


@dataclasses.dataclass(frozen=True)
class Row:
    """One row: the runs of a method, a seed apart.

    Args:
        name: what the row is called.
        method: its method.
        setting: where its flags come from: `configs/METHOD_SETTING.flags` if there is one, else
            `configs/SETTING.flags`, else the data set of this name.
        flags: further flags of `keras_iidgan.train`, which go before those.
        block: rows of the same block stand together and are compared with each other.
        paper: heading of a column -> what the paper prints there.
    """

    name: str
    method: str
    setting: str
    flags: tuple[str, ...] = ()
    block: str = ""
    paper: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def key(self):
        """What tells the row from all others of its table."""
        return f"{self.block}: {self.name}" if self.block else self.name

    def label(self, seed):
        """Return the name of a run's files."""
        return f"{re.sub('[^A-Za-z0-9._-]+', '-', self.key).strip('-')}-seed{seed}"


@dataclasses.dataclass(frozen=True)
class Table:
    """One table.

    Args:
        title: its heading.
        text: what is compared, in a few sentences.
        rows: its rows.
        seeds: seeds of every row.
        columns: its columns.
        paper: the paper and the table in it, or none.
        evaluate: flags of `keras_iidgan.evaluate`, which measures every run with them at its end;
            without them a run's figures are those of its training.
        picture: whether RESULTS.md shows the runs of the first seed over their steps.
        histogram: key of a figure whose distribution over the rows is drawn, block by block, or
            none.
    """

    title: str
    text: str
    rows: tuple[Row, ...]
    seeds: tuple[int, ...]
    columns: tuple[Column, ...]
    paper: str = ""
    evaluate: tuple[str, ...] = ()
    picture: bool = False
    histogram: str = ""

    @property
    def blocks(self):
        """The names of the blocks, in their order."""
        return list(dict.fromkeys(row.block for row in self.rows))


def rows(block, setting, flags, methods, columns=(), printed=None):
    """Make the rows of a block.

    Args:
        block: name of the block.
        setting: as of `Row`.
        flags: of every row.
        methods: (name, method, further flags) of each row.
        columns: headings that the paper has figures for.
        printed: name of a row -> what the paper prints in these columns.
    """
    printed = printed or {}
    return tuple(
        Row(
            name,
            method,
            setting,
            (*flags, *more),
            block,
            dict(zip(columns, printed[name], strict=True)) if name in printed else {},
        )
        for name, method, *more in methods
    )


POINTS = (
    Column("modes", "modes_covered", ".1f"),
    Column("quality", "high_quality", ".2%"),
    Column("reverse KL", "reverse_kl", "+.3f"),
    Column("of good samples", "reverse_kl_normalised", ".3f"),
    Column("KL, 26 or 9 bins", "kl", ".3f"),
    Column("std ratio", "std_ratio", ".2f"),
    Column("steps", "steps", ",.0f"),
)
# In the papers' tables the best is marked. More quality than a perfect sampler's is a width below
# the data's, so there the nearest is best. No reverse KL is: it is near 0 if all samples are bad.
COMPARED = (
    Column("modes", "modes_covered", ".1f", "high"),
    Column("quality", "high_quality", ".2%", "protocol_perfect_high_quality"),
    Column("reverse KL", "reverse_kl", "+.3f"),
    Column("of good samples", "reverse_kl_normalised", ".3f", "low"),
    Column("KL, 26 or 9 bins", "kl", ".3f", "low"),
    Column("std ratio", "std_ratio", ".2f", "protocol_perfect_std_ratio"),
)
IMAGES = (
    Column("modes", "modes_covered", ".1f", "high"),
    Column("good samples", "high_quality", ".1%", "high"),
    Column("KL", "kl", ".3f", "low"),
    Column("|x - G(F(x))|", "reconstruction_error", ".3f"),
)
