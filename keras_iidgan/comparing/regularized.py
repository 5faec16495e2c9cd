"""The section in RESULTS.md on IIDRegularizer in a GAN that isn't ours."""

import statistics

from keras_iidgan.files import read_json

FILE = "regularizer.json"
_COMMAND = "python -m keras_iidgan.examples.dcgan_overridden_train_step"


def section(folder):
    """Write the section, empty if nothing was measured.

    Args:
        folder: `pathlib.Path` of the measured files.
    """
    path = folder / FILE
    return f"\n{render(read_json(path))}\n" if path.exists() else ""


def render(found):
    """Return the section for what the example has written."""
    forms = ("as it was", "with IIDRegularizer")
    lines = [
        "| DCGAN | modes covered | modes assigned | high quality | KL |",
        "|---|---|---|---|---|",
        *(_row(form, [run[form] for run in found["runs"]]) for form in forms),
    ]
    ratios = ", ".join(
        f"{r['median']:.2f} ({r['min']:.2f}, {r['max']:.2f})"
        for r in (run["ratio"] for run in found["runs"])
    )
    seeds = ", ".join(str(run["seed"]) for run in found["runs"])
    versions = ", ".join(f"{name} {v}" for name, v in sorted(found["versions"].items()))
    return "\n\n".join(
        [
            "## IIDRegularizer in a GAN that isn't ours",
            "The DCGAN of `keras_iidgan/examples` on stacked digits, whose 1,000 modes a "
            "classifier tells apart, after as many steps with and without the regulariser.",
            "\n".join(lines),
            f"A step with it takes so many times as long (least, largest of its rounds): {ratios}.",
            f"Protocol: seeds {seeds}; {found['steps']:,} steps, batch size {found['batch_size']}, "
            f"M = {found['latent_dim']}; {found['eval_samples']:,} samples; a mode counts from one "
            f"good sample; {versions}.",
            f"`{command(found)}`",
        ]
    )


def command(found):
    """Return the command that measures the same again."""
    names = ("steps", "batch_size", "latent_dim", "eval_samples", "train_size")
    options = [f"--{name}={found[name]}" for name in names]
    seeds = len(found["runs"])
    return " ".join([_COMMAND, *options, f"--seeds={seeds}", f"--out=configs/measured/{FILE}"])


def _row(form, runs):
    cells = [
        _spread([run[name] for run in runs], style)
        for name, style in (
            ("modes_covered", ".0f"),
            ("modes_assigned", ".0f"),
            ("high_quality", ".1%"),
            ("kl", ".3f"),
        )
    ]
    return f"| {form} | {' | '.join(cells)} |"


def _spread(values, style):
    mean = f"{statistics.mean(values):{style}}"
    return f"{mean} ± {statistics.stdev(values):{style}}" if len(values) > 1 else mean
