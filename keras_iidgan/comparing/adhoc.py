"""What a user asks of a comparison: methods, seeds, and flags for all runs."""

import dataclasses

from keras_iidgan import data as datasets
from keras_iidgan import methods
from keras_iidgan.cli import UsageError
from keras_iidgan.comparing import presets
from keras_iidgan.comparing.tables import COMPARED, IMAGES, Column, Row, Table

_PAPERS = ("iid_gan_table1", "ldm_gan_table1", "semi_implicit_table1")


def table(names, dataset):
    """Make the `Table` of some methods on a data set.

    Figures that IID-GAN prints of the method on this data set at the default width stand beside.
    """
    points = dataset in ("ring", "grid", "uneven_grid")
    printed = _printed(dataset)
    return Table(
        f"{', '.join(names)} on {dataset}",
        f"Each method from `configs/METHOD_{dataset}.flags` if there is one, else from "
        f"`configs/{dataset}.flags`."
        + (" Beside it what IID-GAN prints in its Table 1." if printed else ""),
        tuple(
            Row(name, name, dataset, paper=printed.get(name, {})) for name in dict.fromkeys(names)
        ),
        (0,),
        (*(COMPARED if points else IMAGES), Column("steps", "steps", ",.0f")),
    )


def _printed(dataset):
    rows = presets.get("iid_gan_table1").rows
    # The first row of a method is that of its other variant, the last its usual form.
    return {r.method: r.paper for r in rows if r.setting == dataset and r.paper}


def chosen(whole, names):
    """Return the `Table` with the rows of some methods alone; of all for none."""
    known = list(dict.fromkeys(row.method for row in whole.rows))
    for name in names:
        if name not in known:
            raise UsageError(f"--methods must be of the preset's, {', '.join(known)}; got {name!r}")
    rows = tuple(row for row in whole.rows if not names or row.method in names)
    return dataclasses.replace(whole, rows=rows)


def seeds(given):
    """Read `--seeds`: a number n is 0 to n - 1, a list (also `7,`) is itself.

    Args:
        given: list of strings, as absl splits it; empty for none.
    """
    if not given:
        return ()
    parts = [part.strip() for part in given if part.strip()]
    if not parts or not all(part.isdecimal() for part in parts):
        raise UsageError(f"--seeds must be a number, or seeds with commas; got {','.join(given)!r}")
    numbers = [int(part) for part in parts]
    if len(given) > 1:
        return tuple(dict.fromkeys(numbers))
    if numbers[0] < 1:
        raise UsageError(
            f"--seeds must be at least 1, a number of seeds; got {numbers[0]} ('0,' is seed 0)"
        )
    return tuple(range(numbers[0]))


def check_names(preset, wanted):
    """Refuse methods and data sets that aren't here.

    Args:
        preset: name of the table, or "" for one of the user's own.
        wanted: the `Table`.
    """
    known = methods.names()
    missing = [m for m in dict.fromkeys(row.method for row in wanted.rows) if m not in known]
    if missing and not preset:
        raise UsageError(f"--methods must be of {', '.join(known)}; got {', '.join(missing)}")
    if missing:
        here = ",".join(m for m in dict.fromkeys(r.method for r in wanted.rows) if m in known)
        rest = f"; --methods={here} runs the others" if here else ""
        raise UsageError(
            f"--preset={preset} needs methods that aren't here: {', '.join(missing)}{rest}"
        )
    if not preset and wanted.rows[0].setting not in datasets.names():
        raise UsageError(
            f"--dataset must be one of {', '.join(datasets.names())}; "
            f"got {wanted.rows[0].setting!r}"
        )


def own_flags(given, method):
    """Return the given flags as a run of `method` gets them.

    `--hparam=METHOD.name=value` is for one method, `--hparam=name=value` for all.
    """
    made = []
    for name, value in given.items():
        for each in value if name == "hparam" else [value]:
            owner, dot, rest = each.partition(".") if name == "hparam" else ("", "", "")
            if dot and owner in methods.names():
                each = rest if owner == method else None
            made += [] if each is None else [f"--{name}={each}"]
    return made


def concerns(flag, method):
    """Whether a flag of a data set's flag file is for this method too."""
    name, _, rest = flag.lstrip("-").partition("=")
    return name != "hparam" or rest.partition("=")[0] in methods.hparams(method)
