"""A table as Markdown, CSV and LaTeX."""

import csv
import io
import re

from keras_iidgan.comparing import coverage
from keras_iidgan.comparing.cells import blocks, known

BOLD = (
    "Bold is the best mean of its block, and of quality and width the nearest to a "
    "perfect sampler's; a row of which a run diverged can't be it."
)


def markdown(table, found, notes=()):
    """Write a table as Markdown.

    Args:
        table: a `Table`.
        found: as of `blocks`.
        notes: sentences for its caption.

    Returns:
        Heading, caption, a table for each block, and the protocol.
    """
    parts = [f"## {table.title}", caption(table, notes)]
    return "\n\n".join([*parts, *markdown_blocks(table, found), protocol(found)])


def caption(table, notes=()):
    """Return what stands above or below a table."""
    bold = [BOLD] if any(column.best for column in table.columns) else []
    return " ".join([table.text, *notes, *bold])


def markdown_blocks(table, found):
    """Yield a Markdown table for each block, its title above it, and below who keeps all modes."""
    for block in blocks(table, found):
        if block.title:
            yield f"### {block.title}"
        rows = [_headings(block, "paper"), *(_texts(block, line, _bold_md) for line in block.lines)]
        lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
        lines.insert(1, "|" + "---|" * len(rows[0]))
        yield "\n".join(lines)
        said = coverage.sentence(table, block.title, found)
        if said:
            yield said


def as_csv(table, found):
    """Write a table as CSV: a line for each row, its figures unrounded, the paper's as printed."""
    text = io.StringIO()
    heads = [f"{c.heading} {part}" for c in table.columns for part in ("mean", "std", "paper")]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["block", "run", "seeds", "diverged", *heads])
    for block in blocks(table, found):
        for line in block.lines:
            seeds = " ".join(map(str, line.seeds))
            figures = [x for c in line.cells for x in (c.mean, c.deviation, c.paper)]
            writer.writerow([block.title, line.name, seeds, line.diverged, *figures])
    return text.getvalue()


def latex(table, found, notes=()):
    """Write a table as a LaTeX `table`; it needs no package.

    Blocks whose columns differ, because the paper has figures for one alone, get a `tabular` each.
    """
    parts = [r"\begin{table}", r"\centering"]
    for block in blocks(table, found):
        heads = _headings(block, "paper")
        parts += [rf"\begin{{tabular}}{{l{'r' * (len(heads) - 1)}}}", r"\hline"]
        if block.title:
            title = rf"\textbf{{{escape(block.title)}}}"
            parts.append(rf"\multicolumn{{{len(heads)}}}{{l}}{{{title}}} \\")
        parts += [_latex_row(map(escape, heads)), r"\hline"]
        parts += [_latex_row(_texts(block, line, _bold_tex, _number)) for line in block.lines]
        parts += [r"\hline", r"\end{tabular}", ""]
    said = f"{table.title}. {caption(table, notes)} {protocol(found)}"
    return "\n".join([*parts, rf"\caption{{{escape(said)}}}", r"\end{table}", ""])


_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "|": r"\textbar{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "±": r"$\pm$",
    **{character: "\\" + character for character in "&%$#_{}"},
}


def escape(text):
    """Escape what LaTeX would take for a command; `code` is set in a typewriter's letters."""
    parts = text.split("`")
    plain = ["".join(_LATEX.get(character, character) for character in part) for part in parts]
    if len(parts) % 2 == 0:  # A lone backtick is itself.
        return r"\textasciigrave{}".join(plain)
    return "".join(rf"\texttt{{{p}}}" if n % 2 else p for n, p in enumerate(plain))


def _number(text):
    """Escape a cell; a minus is one, and not a hyphen."""
    return re.sub(r"(?<![\w-])-(?=\d)", "$-$", escape(text))


def protocol(found):
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
        values = sorted(set(known(runs, key)))
        if values:
            said.append(f"{label}: {', '.join(format(v, style) for v in values)}")
    return "Protocol: " + "; ".join(said) + "." if said else ""


def _headings(block, paper):
    heads = ["run", "seeds", *(["diverged"] if block.has_diverged else [])]
    for place, column in enumerate(block.columns):
        heads += [column.heading, *([paper] if block.has_paper(place) else [])]
    return heads


def _texts(block, line, bold, clean=str):
    texts = [clean(line.name), ", ".join(map(str, line.seeds))]
    if block.has_diverged:
        texts.append(f"{line.diverged} of {len(line.seeds)}")
    for place, cell in enumerate(line.cells):
        texts.append(bold(clean(cell.text)) if cell.best else clean(cell.text))
        if block.has_paper(place):
            texts.append(clean(cell.paper or "-"))
    return texts


def _bold_md(text):
    return f"**{text}**"


def _bold_tex(text):
    return rf"\textbf{{{text}}}"


def _latex_row(cells):
    return " & ".join(cells) + r" \\"
