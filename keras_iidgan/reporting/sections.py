"""The parts of the page of one run."""

from keras_iidgan import plots
from keras_iidgan.diagnostics import QUESTIONS
from keras_iidgan.reporting import figures_table, findings_table
from keras_iidgan.reporting.html import Row, element, join, picture, table
from keras_iidgan.reporting.numbers import NONE, number, share

_MARKS = {"green": "●", "yellow": "▲", "red": "■"}  # Told apart by their shapes too.
_GROUPS = 30  # Rows of the table of groups.


def verdict(report, reasons=True):
    """The answer: light and word, a sentence, and its reasons, which link to their findings."""
    found = report.verdict
    return element(
        "div",
        element("p", element("span", _MARKS[found.colour]), " ", found.colour, class_="light"),
        element("p", found.sentence, class_="sentence"),
        _unanswered(found),
        *(_reasons(report) if reasons else ()),
        class_=f"verdict {found.colour}",
        role="status",
    )


def _reasons(report):
    """What speaks against the samples; and, folded up, what only the codes tell."""
    lists = {False: [], True: []}
    for reason in report.verdict.reasons:
        finding = next((f for f in report.findings if reason.startswith(f"{f.name}:")), None)
        is_of_codes = finding is not None and finding.group in findings_table.CODES
        lists[is_of_codes].append(element("li", _linked(reason, finding)))
    yield element("ul", *lists[False])
    if lists[True]:
        said = element("summary", f"{len(lists[True])} more of the codes F(x)")
        yield element("details", said, element("ul", *lists[True]))


def _linked(reason, finding):
    """A reason as a link to its finding, whose key nobody wants to read."""
    if finding is None:
        return reason
    text = reason.removeprefix(f"{finding.name}:").strip()
    rest = text.removeprefix(finding.title)
    link = element("a", finding.title, href=f"#finding-{finding.name}")
    return join([link, rest]) if rest != text else text


def _unanswered(found):
    if not found.unanswered:
        return None
    questions = "; ".join(QUESTIONS[name] for name in found.unanswered)
    return element("p", f"Not asked, for what it needs isn't there: {questions}", class_="said")


def coverage(report):
    """Which of the real data are reached, by the modes that are known and without knowing any."""
    return [
        figures_table.figures_table(figures_table.COVERAGE, report.figures),
        findings_table.tables(report.findings, ("lost",)),
        groups(report),
    ]


def groups(report):
    """The groups of real data with bars of how much of each is reached, the least first."""
    if not report.groups:
        return None
    rebuilt = {group.name: group for group in report.rebuilt_groups}
    headings = ["group", "share of the data", "reached by samples"]
    headings += ["brought back by G(F(x))"] if rebuilt else []
    rows = [_group(group, rebuilt) for group in report.groups[:_GROUPS]]
    more = len(report.groups) - len(rows)
    said = "Groups of the real data, the least reached first; lost ones are marked"
    return table(headings, rows, caption=f"{said}; {more:,} more are not shown" if more else said)


def _group(group, rebuilt):
    found = [group, *([rebuilt[group.name]] if group.name in rebuilt else [])]
    missing = [None] if rebuilt and len(found) == 1 else []
    cells = [_reached(each) for each in (*found, *missing)]
    is_lost = any(each.lost for each in found)
    return Row([group.name, share(group.share), *cells], "matters" if is_lost else None)


def _reached(group):
    if group is None:
        return NONE
    lost = element("b", " lost") if group.lost else None
    return join([_bar(group.reached), share(group.reached), lost])


def _bar(part):
    inner = element("span", style=f"width:{100 * min(max(part, 0), 1):.1f}%")
    return element("span", inner, class_="bar", aria_hidden="true")


def quality(report):
    """How good the samples are, whether they vary, and whether they are new."""
    return [
        figures_table.figures_table(figures_table.QUALITY, report.figures),
        findings_table.tables(report.findings, ("variety",)),
    ]


def codes(report):
    """Whether F(x) is an IID sample of N(0, I)."""
    found = findings_table.tables(report.findings, findings_table.CODES)
    return [findings_table.explanation(), found] if found else []


def pictures(found):
    """Figures with their captions."""
    return [shown(one) for one in found]


def shown(one):
    """One figure with its caption."""
    caption = element("figcaption", one.caption)
    return element("figure", picture(one.figure, one.caption), caption)


def curves(report):
    """Figures and losses over the steps of training."""
    if not report.records:
        return []
    perfect = {
        key.removeprefix("protocol_"): value
        for key, value in report.figures.items()
        if key.startswith("protocol_perfect_")
    }
    drawn = [(plots.metric_curves(report.records, perfect=perfect), "Figures over training steps")]
    players = [p for p in report.players if any(k.startswith(f"{p}_") for k in report.records[-1])]
    if players:
        drawn.append(
            (plots.loss_curves(report.records, players=players), "Losses over training steps")
        )
    return [
        element("figure", picture(figure, said), element("figcaption", said))
        for figure, said in drawn
    ]


def protocol(report):
    """How it was measured, of what training, with which versions."""
    return [
        _pairs("Measured", report.protocol),
        _pairs("Training", report.settings),
        _pairs("Versions", report.environment),
    ]


def left_out(report):
    """What could not be had, and why."""
    rows = [element("li", element("b", name), ": ", why) for name, why in report.left_out.items()]
    return [element("ul", *rows)] if rows else []


def _pairs(title, values):
    if not values:
        return None
    items = [
        join([element("dt", name), element("dd", number(value, 6))])
        for name, value in values.items()
    ]
    return element("div", element("h3", title), element("dl", *items))
