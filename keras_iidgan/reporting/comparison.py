"""Several runs side by side."""

from keras_iidgan import plots
from keras_iidgan.diagnostics import QUESTIONS
from keras_iidgan.reporting import figures_table, sections
from keras_iidgan.reporting.content import distinct_names
from keras_iidgan.reporting.findings_table import CODES
from keras_iidgan.reporting.html import BROAD, DPI, Row, element, join, picture, table
from keras_iidgan.reporting.numbers import NONE, number, share
from keras_iidgan.reporting.page import document, section

_NAME_REM, _RUN_REM = 8.5, 5.5
_QUESTIONS = ("lost", "variety", *CODES)
_LOST = 5  # Names of lost groups in a cell.
_PANELS = (
    ("modes_covered", "modes covered"),
    ("high_quality", "share of good samples"),
    ("kl", "KL of shares, nats"),
)


def comparison(reports):
    """Write the page of several runs.

    Args:
        reports: list of `Report`s, two or more.

    Returns:
        A string, the whole HTML document.
    """
    names = distinct_names(reports)
    parts = [
        ("figures", "Coverage and quality", [_figures(names, reports)]),
        ("findings", "Findings", _findings(names, reports)),
        ("lost", "Lost data", _pictures(names, reports, lambda r: r.lost_pictures)),
        ("pictures", "Samples and codes", _pictures(names, reports, lambda r: r.pictures)),
        ("curves", "Training", _curves(names, reports)),
        ("left-out", "What could not be measured", _left_out(names, reports)),
        ("protocol", "Protocol and environment", _protocol(names, reports)),
    ]
    title = f"{len(reports)} runs side by side"
    return document(
        f"Did they collapse? {title}",
        [
            element("header", element("p", "Did they collapse?"), element("h1", title)),
            element("div", *map(_verdict, names, reports), class_="pair"),
            *(section(*part) for part in parts if any(part[2])),
        ],
    )


def _verdict(name, report):
    return element("div", element("h2", name), sections.verdict(report, reasons=False))


def _side(names, rows):
    width = _NAME_REM + _RUN_REM * len(names)  # Where the screen is narrower, it scrolls.
    return table(["", *names], rows, class_="side", style=f"min-width:{width}rem")


def _figures(names, reports):
    rows = [Row(["verdict", *(report.verdict.colour for report in reports)])]
    reached = (share(report.verdict.coverage) for report in reports)
    rows.append(Row(["real data reached, estimated", *reached]))
    for line in figures_table.LINES:
        if any(report.figures.get(line.key) is not None for report in reports):
            values = (figures_table.value(line, report.figures) for report in reports)
            rows.append(Row([join([line.title, _perfect(line, reports)]), *values]))
    rows.append(Row(["lost groups", *map(_lost, reports)]))
    return _side(names, rows)


def _lost(report):
    names = report.verdict.lost
    if not names:
        return "none"
    more = f" and {len(names) - _LOST} more" if len(names) > _LOST else ""
    return f"{len(names)}: {'; '.join(names[:_LOST])}{more}"


def _perfect(line, reports):
    """What a perfect sampler has, where it is the same in all runs."""
    found = {figures_table.perfect(line, report.figures) for report in reports} - {NONE}
    return element("span", f"perfect: {found.pop()}", class_="said") if len(found) == 1 else None


def _findings(names, reports):
    """The effect of every finding, with a mark where it matters."""
    parts = [element("p", "Effects; those that matter are marked.", class_="said")]
    for question in _QUESTIONS:
        known = {f.name: f for report in reports for f in report.findings.group(question)}
        if known:
            rows = [_finding(finding, reports) for finding in known.values()]
            parts += [element("h3", QUESTIONS[question]), _side(names, rows)]
    return parts


def _finding(finding, reports):
    found = [{f.name: f for f in report.findings}.get(finding.name) for report in reports]
    limit = "" if finding.large is None else f"; matters from {number(finding.large)}"
    said = element("span", f"{finding.effect_title}{limit}", class_="said")
    return Row([join([finding.title, said]), *map(_effect, found)])


def _effect(finding):
    if finding is None:
        return NONE
    effect = number(finding.effect)
    return element("b", f"✗ {effect}", class_="bad") if finding.matters else effect


def _pictures(names, reports, of):
    """Each picture of all runs, beside each other."""
    keys = dict.fromkeys(one.name for report in reports for one in of(report))
    parts = []
    for key in keys:
        found = [
            (name, one)
            for name, report in zip(names, reports, strict=True)
            for one in of(report)
            if one.name == key
        ]
        shown = (element("div", element("h3", name), sections.shown(one)) for name, one in found)
        is_broad = any(one.figure.get_figwidth() * DPI > BROAD for _, one in found)
        parts.append(element("div", *shown, class_="pair broad" if is_broad else "pair"))
    return parts


def _curves(names, reports):
    runs = {name: [r.records] for name, r in zip(names, reports, strict=True) if r.records}
    keys = {key for (records,) in runs.values() for row in records for key in row}
    panels = [(key, heading, None) for key, heading in _PANELS if key in keys]
    if not panels:
        return []
    said = "Figures over training steps"
    figure = plots.comparison_curves(runs, panels)
    return [element("figure", picture(figure, said), element("figcaption", said))]


def _left_out(names, reports):
    return [
        join([element("h3", name), *sections.left_out(report)])
        for name, report in zip(names, reports, strict=True)
        if report.left_out
    ]


def _protocol(names, reports):
    """Protocol, settings and versions, those that differ marked."""
    parts = []
    for title, field in (
        ("Measured", "protocol"),
        ("Training", "settings"),
        ("Versions", "environment"),
    ):
        found = [getattr(report, field) for report in reports]
        keys = dict.fromkeys(key for values in found for key in values if key != "run")
        rows = [_setting(key, found) for key in keys]
        if rows:
            parts += [element("h3", title), _side(names, rows)]
    return parts


def _setting(key, found):
    values = [number(each.get(key), 6) for each in found]
    return Row([key, *values], "differs" if len(set(values)) > 1 else None)
