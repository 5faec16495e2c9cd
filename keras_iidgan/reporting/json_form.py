"""A report for programs: the numbers of the page, unrounded."""

from keras_iidgan.files import to_json

_FIELDS = ("name", "title", "figures", "left_out", "protocol", "settings", "environment", "records")


def as_json(reports):
    """Write reports as JSON: `{"runs": [...]}`.

    Of each group of the data its worst 100 members are named, by their rows.

    Args:
        reports: list of `Report`.
    """
    return to_json({"runs": [plain(_run(report)) for report in reports]}, indent=1) + "\n"


def _run(report):
    found = {name: getattr(report, name) for name in _FIELDS}
    return found | {
        "verdict": report.verdict.as_dict(),
        "findings": [finding.as_dict() for finding in report.findings],
        "groups": [_group(group) for group in report.groups],
        "rebuilt_groups": [_group(group) for group in report.rebuilt_groups],
    }


def _group(group):
    found = {name: getattr(group, name) for name in ("name", "share", "reached", "lost")}
    return found | {"size": len(group.members), "worst_members": group.members[:100]}


def plain(value):
    """Return nested mappings, sequences and NumPy's values as those of Python."""
    if isinstance(value, str | bool | int | float | None):
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if hasattr(value, "items"):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value]
