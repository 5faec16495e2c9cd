"""The section on training speed in RESULTS.md, from the file that the benchmark writes."""


def section(found):
    """Write the section.

    Args:
        found: what `tests/benchmarks/training_speed.py` wrote.

    Returns:
        Markdown.
    """
    results = found["results"]
    lines = ["| threads | contender | its fastest form | steps per second | fit / it (min, max) |"]
    lines.append("|---|---|---|---|---|")
    for result in results:
        for group, row in result["steps_per_second"].items():
            lines.append(
                f"| {result['threads']} | {group} | `{row['variant']}` | {row['median']:.0f} | "
                f"{_ratio(result['fit_over'].get(group))} |"
            )
    return "\n\n".join([_HEAD, "\n".join(lines), _protocol(found)])


_HEAD = """## Speed of training

`fit` as the command line prepares it, on the ring, beside the same step in PyTorch and beside the
step's matrix products alone, which no library can undercut. Medians over rounds in which all took
turns; a ratio is of two rates of the same round."""


def _ratio(ratio):
    return f"{ratio['median']:.2f} ({ratio['min']:.2f}, {ratio['max']:.2f})" if ratio else ""


def _protocol(found):
    versions = {}
    for result in found["results"]:
        versions |= result["versions"]
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return (
        f"Protocol: batch size {found['batch_size']}; "
        f"{found['matrix_product_flops_per_step'] / 1e6:.0f} MFLOP of matrix products a step; "
        f"{found['cores']} cores of {found['processor']}, load before {found['load_before']}; "
        f"Python {found['python']}, {listed}.\n\n"
        "`python tests/benchmarks/training_speed.py --out=configs/measured/speed.json`"
    )
