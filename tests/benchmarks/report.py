"""The benchmark's figures: medians, ratios round by round, a table and a file."""

import json
import os
import pathlib
import platform
import statistics

OURS, FLOOR = "Keras fit", "matrix products"


def summary(threads, measured, tried, chosen):
    """Summarise the rounds on one number of threads.

    Args:
        threads: the number.
        measured: dict from a group to a list of `{"rate", "cpu"}`, one a round.
        tried: dict from a group to the rate of each of its variants, found beforehand.
        chosen: dict from a group to the variant that took part in the rounds.
    """
    rates = {group: [m["rate"] for m in rounds] for group, rounds in measured.items()}
    compiled = [g for g in rates if g.startswith("PyTorch, compiled")]
    best_compiled = max(compiled, key=lambda g: statistics.median(rates[g]), default=None)
    ratios = {g: _ratio(rates[OURS], r) for g, r in rates.items() if g != OURS}
    return {
        "threads": threads,
        "steps_per_second": {
            g: {
                "variant": chosen[g],
                "best": max(r),
                "median": statistics.median(r),
                "cpu_seconds_per_step": statistics.median(m["cpu"] for m in measured[g]),
                "variants": tried[g],
            }
            for g, r in rates.items()
        },
        "fit_over": ratios,
        **({"fit_over_torch_compile": ratios[best_compiled]} if best_compiled else {}),
        **({"fit_over_matrix_products": ratios[FLOOR]} if FLOOR in rates else {}),
    }


def _ratio(ours, theirs):
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return {"median": statistics.median(ratios), "min": min(ratios), "max": max(ratios)}


def with_machine(setting, results, load):
    return {
        **setting,
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "load_before": round(load, 2),
        "results": results,
    }


def _processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "")


def table(found):
    """Return the figures as text."""
    lines = [
        f"{found['cores']} cores, {found['processor']}, load before {found['load_before']}; "
        f"batch size {found['batch_size']}",
        "threads  contender (variant)                          best  median  fit / it (min, max)",
    ]
    for result in found["results"]:
        for group, row in result["steps_per_second"].items():
            ratio = result["fit_over"].get(group)
            beside = "{median:.2f} ({min:.2f}, {max:.2f})".format(**ratio) if ratio else ""
            name, rates = f"{group} ({row['variant']})", "{best:6.0f}  {median:6.0f}".format(**row)
            lines.append(f"{result['threads']:7}  {name:42} {rates}  {beside}")
    return "\n".join(lines)


def write(found, path):
    """Write the figures aside and rename, so that a file is either old or whole."""
    path = pathlib.Path(path)
    aside = path.with_name(f"{path.name}.part")
    aside.write_text(json.dumps(found, indent=1) + "\n")
    aside.replace(path)
