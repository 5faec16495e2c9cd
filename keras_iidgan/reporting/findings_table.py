"""The table of findings: what each asks, how large the departure is, and whether it's chance."""

from keras_iidgan.diagnostics import QUESTIONS
from keras_iidgan.diagnostics.findings import LEVEL
from keras_iidgan.reporting import words
from keras_iidgan.reporting.html import Row, element, join, table
from keras_iidgan.reporting.numbers import NONE, number, probability

CODES = ("gaussian", "shape", "dimensions", "order", "unused")  # What F(x) tells.
_HEADINGS = ("what", "reading", "effect", "matters from", "p-value", "statistic", "samples")


def tables(findings, groups):
    """Write a heading and a table for each question that has findings.

    Args:
        findings: `diagnostics.Findings`.
        groups: keys of `QUESTIONS`.
    """
    parts = []
    for name in groups:
        own = findings.group(name)
        if own:
            parts.append(element("h3", QUESTIONS[name]))
            parts.append(table(_HEADINGS, [_row(finding) for finding in own], class_="findings"))
    return join(parts)


def explanation():
    """Say how the tables are to be read."""
    return element(
        "p",
        "The effect says how large a departure is, whatever the number of samples; the p-value how "
        "likely one as large would be by chance. With enough samples every p-value is small, so a "
        f"line matters only if its effect is at least its limit and its p-value, if it has one, is "
        f"below {LEVEL:g}.",
        class_="said",
    )


def _row(finding):
    said = words.meaning(finding)
    title = join([finding.title, element("span", said, class_="said") if said else None])
    if finding.note:
        title = join([title, element("span", finding.note, class_="said note")])
    mark, reading = words.reading(finding)
    cells = [
        title,
        join([element("b", mark, " "), reading]),
        join([number(finding.effect), element("span", finding.effect_title, class_="said")]),
        NONE if finding.large is None else number(finding.large),
        probability(finding.p_value),
        number(finding.statistic),
        number(finding.samples),
    ]
    return Row(cells, "matters" if finding.matters else None, f"finding-{finding.name}")
