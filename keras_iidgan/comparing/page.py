"""RESULTS.md and the tables of the README, from the kept figures of runs."""

import dataclasses
import pathlib

from keras_iidgan.comparing import presets, printed, regularized, speed, writers
from keras_iidgan.detecting import section as detection
from keras_iidgan.files import write_atomically

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
_SHORT = ("modes", "quality", "reverse KL")
_HEAD = """# Results

Made by `python -m keras_iidgan.compare`; nothing here is typed by hand. Figures are mean ± sample
standard deviation over the seeds named beside the row, each from the samples of the last step. The
kept figures of every run are in `configs/measured`."""


def write(measured, folder, results, readme):
    """Write RESULTS.md, and the short tables into the README.

    Args:
        measured: `{table: {key of a row: list of summaries}}`.
        folder: of the kept figures, where the benchmarks' files are too.
        results: path of RESULTS.md.
        readme: path of a page with marks around the place of the tables; other pages stay.
    """
    more = [detection.section(folder), regularized.section(folder)]
    more = [text for text in more if text] + [speed.sections(folder)]
    sections = [render(measured), printed.section(), *more]
    write_atomically(results, "\n".join(sections))
    _fill_in(readme, render_short(measured))


def render(measured):
    """Return the tables of RESULTS.md; tables and rows without runs are left out."""
    parts = [_HEAD]
    for name, table in presets.tables().items():
        found = {row.key: measured.get(name, {}).get(row.key, []) for row in table.rows}
        found = {key: runs for key, runs in found.items() if runs}
        if found:
            picture = f"![{table.title}](configs/measured/{name}.png)"
            parts += [writers.markdown(table, found), *([picture] if table.picture else [])]
            parts.append(f"`python -m keras_iidgan.compare --preset={name}`")
    return "\n\n".join(parts) + "\n"


def render_short(measured):
    """Return the tables of the README: IID-GAN beside GAN at the paper's widths, and protocol."""
    parts = []
    for name in ("ring", "grid"):
        table = presets.get(name)
        rows = tuple(
            row for row in table.rows if " paper" in row.name and row.key in measured.get(name, {})
        )
        if rows:
            columns = tuple(c for c in table.columns if c.heading in _SHORT)
            short = dataclasses.replace(table, columns=columns, rows=rows)
            found = {row.key: measured[name][row.key] for row in rows}
            parts += [*writers.markdown_blocks(short, found), writers.protocol(found)]
    return "\n\n".join(parts)


def _fill_in(page, tables):
    """Put the short tables between the marks of a page, if it has them."""
    path = pathlib.Path(page)
    text = path.read_text() if page and path.exists() else ""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and end:
        write_atomically(path, f"{before}{begin}\n{tables}\n{end}{after}")
