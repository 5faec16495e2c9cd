"""The answer in one sentence: did it collapse?"""

import dataclasses

from keras_iidgan.diagnostics.findings import QUESTIONS

# Below these shares of the real data a model is red, and yellow; neighbourhoods of single samples
# also miss what is there but narrower than the data, so less is asked of them.
_BOUNDS = {"groups": (0.9, 0.99), "points": (0.5, 0.8)}
_LEAST_GOOD = 0.1
_FEW = 3.0
_BY_ENCODER = ("gaussian", "shape", "dimensions", "order", "unused")
_HINTS = ("rebuilt", "lost_in_reconstruction")  # What an encoder that fails may cause as well.


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What the findings say together.

    Attributes:
        colour: "green", "yellow" or "red".
        coverage: estimated share of the real data that the model reaches, in [0, 1].
        sentence: the answer.
        reasons: lines, each beginning with the name of the finding that it is about.
        lost: names of the groups of real data that are lost.
        unanswered: the questions, keys of `QUESTIONS`, that no finding was about.
    """

    colour: str
    coverage: float
    sentence: str
    reasons: tuple[str, ...]
    lost: tuple[str, ...]
    unanswered: tuple[str, ...]

    def as_dict(self):
        """Return the attributes as a dict that JSON can hold."""
        return dataclasses.asdict(self)


def verdict(findings) -> Verdict:
    """Say in one sentence whether a model collapsed, without knowing the modes.

    Rule, the first that holds:
        coverage  the statistic of `reached` (see `diagnose_coverage`); without it 0 where there is
                  `finite`, hardly any sample being a number; else the statistic of `rebuilt`
        red       coverage < 0.9, or 0.5 where it is by points; the statistic of `good` < 0.1; or
                  the effect of `support` >= 3: a thousand times fewer samples than the data's
        yellow    coverage < 0.99, or 0.8 where it is by points; or one of `finite`, `good`,
                  `coverage`, `uneven`, `lost_groups`, `support` and `memorised` matters
        green     otherwise
    What the codes F(x) say (that they aren't N(0, I), that parts of it are unused, that samples
    aren't brought back) is given as a reason, but doesn't change the colour where there are
    generated samples: a poor encoder beside a complete generator has such codes too. Coverage
    counts groups that have good samples, so that bad samples don't make a mode covered, a narrow
    mode is covered, and so is a mode with a fiftieth of its share.

    Args:
        findings: `Findings`, with `reached` or `rebuilt` among them.

    Raises:
        ValueError: neither is there.
    """
    known = {finding.name: finding for finding in findings}
    reached = known.get("reached") or known.get("finite") or known.get("rebuilt")
    if reached is None:
        raise ValueError(
            "findings must have reached or rebuilt, of diagnose_coverage or "
            f"diagnose_reconstruction; got {', '.join(known) or 'none'}"
        )
    coverage = 0.0 if reached.name == "finite" else float(reached.statistic)
    reasons = _reasons(findings, reached)
    colour = _colour(known, coverage, reached.details.get("by", "groups"))
    lost_in = known.get("lost_groups") or known.get("lost_in_reconstruction")
    lost = tuple(lost_in.details["lost"]) if lost_in else ()
    asked = {finding.group for finding in findings}
    unanswered = tuple(question for question in QUESTIONS if question not in asked)
    sentence = _sentence(colour, coverage, known, lost)
    return Verdict(colour, coverage, sentence, reasons, lost, unanswered)


def _colour(known, coverage, by):
    red, yellow = _BOUNDS[by]
    if coverage < red or _few_good(known) or _few_samples(known):
        return "red"
    minor = ("finite", "good", "coverage", "uneven", "lost_groups", "support", "memorised")
    if "reached" not in known:
        minor += _HINTS
    if coverage < yellow or any(_matters(known, name) for name in minor):
        return "yellow"
    return "green"


def _few_good(known):
    return "good" in known and known["good"].statistic < _LEAST_GOOD


def _few_samples(known):
    return "support" in known and known["support"].effect >= _FEW


def _matters(known, name):
    return name in known and known[name].matters


def _reasons(findings, reached):
    """One line for what coverage is, and for every finding that matters."""
    lines = [_line(reached)]
    lines += [_line(f) for f in findings if f.matters and f is not reached]
    return tuple(lines)


def _line(finding):
    text = f"{finding.name}: {finding.title}: {finding.statistic:.3g}"
    text += f"; {finding.effect_title} {finding.effect:.3g}"
    return f"{text} ({finding.note})" if finding.note else text


def _sentence(colour, coverage, known, lost):
    share = f"about {coverage:.0%} of the real data"
    if colour == "green":
        return f"No sign of collapse: the model reaches {share}."
    what = _complaint(known, lost, coverage)
    if _few_good(known) and "reached" in known:
        return f"Far from the data: {what}; the model reaches {share}."
    if colour == "red":
        return f"Collapsed: the model reaches {share}; {what}."
    return f"Look closer: the model reaches {share}, but {what}."


def _complaint(known, lost, coverage):
    """What is worst, in words."""
    if "reached" not in known and "finite" in known:
        return "hardly any of its samples is a finite number"
    if _few_good(known):
        return f"only {known['good'].statistic:.1%} of its samples lie where real ones do"
    if lost:
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        groups = "1 group" if len(lost) == 1 else f"{len(lost)} groups"
        return f"it lost {groups}: {'; '.join(lost[:5])}{more}"
    if _matters(known, "support"):
        return f"it makes only about {known['support'].statistic:,.0f} different samples"
    if _matters(known, "memorised"):
        return f"{known['memorised'].effect:.0%} of its samples are copies of training samples"
    if _matters(known, "good"):
        return f"only {known['good'].statistic:.0%} of its samples lie where real ones do"
    if _matters(known, "finite"):
        return f"{known['finite'].effect:.1%} of its samples aren't finite numbers"
    if _matters(known, "uneven"):
        return f"{known['uneven'].effect:.0%} of its samples are in groups that have too many"
    if _matters(known, "coverage"):
        return f"{known['coverage'].effect:.0%} of the real samples have none for a neighbour"
    return f"{1 - coverage:.0%} is hardly ever made"
