"""Which rows of a block keep every mode, and in how many of their runs: the answer in a line."""

from keras_iidgan.comparing.cells import is_diverged

KEY = "modes_covered"


def sentence(table, title, found):
    """Say which rows of a block cover all modes in every run, which in some, and which in none.

    Args:
        table: a `Table`.
        title: of the block.
        found: as of `cells.blocks`.

    Returns:
        The sentence, or "" where the table has no modes, or a block only one row.
    """
    rows = [row for row in table.rows if row.block == title and found.get(row.key)]
    counted = [row for row in rows if any("modes_total" in run for run in found[row.key])]
    if len(counted) < 2 or KEY not in {column.key for column in table.columns}:
        return ""
    modes = max(run.get("modes_total", 0) for row in counted for run in found[row.key])
    groups = {"in every run": [], "in some": [], "in none": []}
    for row in counted:
        runs = found[row.key]
        full = sum(_keeps_all(run) for run in runs)
        if full == len(runs):
            groups["in every run"].append(row.name)
        elif full:
            groups["in some"].append(f"{row.name} ({full} of {len(runs)})")
        else:
            groups["in none"].append(row.name)
    said = [f"{when}: {', '.join(names)}" for when, names in groups.items() if names]
    return f"All {modes:,} modes {'; '.join(said)}."


def _keeps_all(run):
    return not is_diverged(run) and run.get(KEY) == run.get("modes_total")
