"""The figures of a table: mean and deviation over the seeds of every row, and which is best."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Cell:
    """One figure of one row.

    Attributes:
        values: the figure of each run that has it.
        style: format of the mean; the deviation is without its sign.
        best: whether the mean is the best of the block.
        paper: what the paper prints, or "".
    """

    values: tuple[float, ...]
    style: str
    best: bool = False
    paper: str = ""

    @property
    def mean(self):
        """The mean, or None without a value."""
        return statistics.fmean(self.values) if self.values else None

    @property
    def deviation(self):
        """The sample standard deviation, or None for less than two values."""
        return statistics.stdev(self.values) if len(self.values) > 1 else None

    @property
    def mean_text(self):
        """The mean as it is printed, or a dash."""
        return format(self.mean, self.style) if self.values else "-"

    @property
    def text(self):
        """Mean ± deviation as they are printed."""
        counts = self.style.startswith(",") and len(set(self.values)) == 1  # The same for all.
        if self.deviation is None or counts:
            return self.mean_text
        return f"{self.mean_text} ± {format(self.deviation, self.style.lstrip('+'))}"


@dataclasses.dataclass(frozen=True)
class Line:
    """One row.

    Attributes:
        name: of the row.
        seeds: of its runs, those that diverged too.
        diverged: how many of them diverged.
        cells: a `Cell` for every column; those that diverged are in none.
    """

    name: str
    seeds: tuple[int, ...]
    diverged: int
    cells: tuple[Cell, ...]


@dataclasses.dataclass(frozen=True)
class Block:
    """Rows that are compared with each other.

    Attributes:
        title: of the block, or "".
        columns: the table's `Column`s.
        lines: its `Line`s.
    """

    title: str
    columns: tuple
    lines: tuple[Line, ...]

    @property
    def has_diverged(self):
        """Whether any run did."""
        return any(line.diverged for line in self.lines)

    def has_paper(self, place):
        """Whether the paper prints anything in a column."""
        return any(line.cells[place].paper for line in self.lines)


def blocks(table, found):
    """Return the `Block`s of a table.

    Args:
        table: a `Table`.
        found: `{key of a row: list of the summaries of its runs}`; rows without any, and blocks
            without rows, are left out.
    """
    made = []
    for title in table.blocks:
        rows = [row for row in table.rows if row.block == title and found.get(row.key)]
        if rows:
            runs = [sorted(found[row.key], key=lambda run: run["seed"]) for row in rows]
            made.append(_block(title, table.columns, rows, runs))
    return made


def is_diverged(run):
    """Return whether a run's summary says that it diverged."""
    return bool(run.get("diverged"))


def known(runs, key):
    """Return the figures of the runs that have one and didn't diverge."""
    return [run[key] for run in runs if run.get(key) is not None and not is_diverged(run)]


def _block(title, columns, rows, runs):
    plain = [
        Line(
            row.name,
            tuple(run["seed"] for run in own),
            sum(map(is_diverged, own)),
            tuple(
                Cell(tuple(known(own, c.key)), c.style, paper=row.paper.get(c.heading, ""))
                for c in columns
            ),
        )
        for row, own in zip(rows, runs, strict=True)
    ]
    best = [_best(plain, i, column.best, runs) for i, column in enumerate(columns)]
    marked = (
        dataclasses.replace(
            line,
            cells=tuple(
                dataclasses.replace(cell, best=n in best[i]) for i, cell in enumerate(line.cells)
            ),
        )
        for n, line in enumerate(plain)
    )
    return Block(title, columns, tuple(marked))


def _best(lines, place, rule, runs):
    """The places of the lines whose mean, as printed, is the best; none where all are alike.

    A row of which a run diverged can't be the best: its mean is that of its survivors.
    """
    means = {
        n: line.cells[place].mean
        for n, line in enumerate(lines)
        if line.cells[place].values and not line.diverged
    }
    if not rule or len(means) < 2:
        return set()
    if rule in ("high", "low"):
        loss = {n: -mean if rule == "high" else mean for n, mean in means.items()}
    else:
        perfect = known([run for own in runs for run in own], rule)
        if not perfect:
            return set()
        loss = {n: abs(mean - perfect[0]) for n, mean in means.items()}
    printed = lines[min(loss, key=loss.get)].cells[place].mean_text
    best = {n for n in means if lines[n].cells[place].mean_text == printed}
    return best if len(best) < len(means) else set()
