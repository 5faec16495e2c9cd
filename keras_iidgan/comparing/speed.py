"""The sections on speed in RESULTS.md, from the files that the benchmarks write."""

from keras_iidgan.files import read_json

# File of `configs/measured` -> heading, text and the benchmark that writes it.
_SECTIONS = {
    "speed": (
        "Speed of training",
        "`fit` as the command line prepares it, on the ring, beside the same step in PyTorch and "
        "beside the step's matrix products alone, which no library can undercut.",
        "training_speed",
    ),
    "conv_speed": (
        "Speed of training on images",
        "`fit` of IID-GAN on images of 28x28x3 with the small DCGAN, in the form that it chooses "
        "for convolutions, beside the same step in PyTorch, channels last.",
        "conv_speed",
    ),
    "pipeline_speed": (
        "Speed of the input pipeline",
        "Steps of that `fit`, and batches of its input pipeline alone: shuffled, scaled, also "
        "mirrored or read from the disk, whichever is the fastest form.",
        "pipeline_speed",
    ),
}
_ROUNDS = "Medians over rounds in which all took turns; a ratio is of two rates of the same round."


def sections(folder):
    """Write a section for every file that was measured.

    Args:
        folder: `pathlib.Path` of the measured files.

    Returns:
        Markdown, empty if there are none.
    """
    paths = {name: folder / f"{name}.json" for name in _SECTIONS}
    found = [section(read_json(path), name) for name, path in paths.items() if path.exists()]
    return "".join(f"\n{text}\n" for text in found)


def section(found, name="speed"):
    """Write one section.

    Args:
        found: what the benchmark wrote.
        name: of its file.

    Returns:
        Markdown.
    """
    title, text, script = _SECTIONS[name]
    lines = ["| threads | contender | its fastest form | steps per second | fit / it (min, max) |"]
    lines.append("|---|---|---|---|---|")
    for result in found["results"]:
        for group, row in result["steps_per_second"].items():
            lines.append(
                f"| {result['threads']} | {group} | `{row['variant']}` | {row['median']:.0f} | "
                f"{_ratio(result['fit_over'].get(group))} |"
            )
    command = f"`python tests/benchmarks/{script}.py --out=configs/measured/{name}.json`"
    parts = [f"## {title}", f"{text} {_ROUNDS}", "\n".join(lines), _protocol(found), command]
    return "\n\n".join(parts)


def _ratio(ratio):
    return f"{ratio['median']:.2f} ({ratio['min']:.2f}, {ratio['max']:.2f})" if ratio else ""


def _protocol(found):
    versions = {}
    for result in found["results"]:
        versions |= result["versions"]
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    flops = found.get("matrix_product_flops_per_step")
    products = f"{flops / 1e6:.0f} MFLOP of matrix products a step; " if flops else ""
    return (
        f"Protocol: batch size {found['batch_size']}; {products}"
        f"{found['cores']} cores of {found['processor']}, load before {found['load_before']}; "
        f"Python {found['python']}, {listed}."
    )
