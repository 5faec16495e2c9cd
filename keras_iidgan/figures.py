"""The figures of every report: coverage, quality and divergences of one model's samples."""

import numpy as np

from keras_iidgan import metrics

# Generated samples per evaluation in the papers; see `default_samples`.
_SAMPLES = {"ring": 50_000, "stacked_digits": 26_000, "stacked_mnist": 26_000}


def default_samples(data):
    """Return the papers' number of generated samples for a data set."""
    return _SAMPLES.get(data.name, 100_000 if data.kind == "points" else 10_000)


def measure(model, data, *, samples, seed, threshold=1):
    """Sample a model and measure it.

    Args:
        model: anything with `sample(n, seed)`, and with `invert` and `generate` if `can_invert`.
        data: a `Data`.
        samples: N, how many samples to draw.
        seed: seed of the draw.
        threshold: good samples that make a mode count as covered.

    Returns:
        A flat dict: where the data have modes the figures of `metrics.mode_metrics` and
        `bad_fraction`, for points `std_ratio`, for a model with an inverse `reconstruction_error`
        (mean absolute) and `metrics.code_moments` of the test set, and the protocol's fields
        prefixed with `protocol_`.
    """
    found = _of_modes(model.sample(samples, seed), data, threshold) if data.num_modes else {}
    if model.can_invert:
        rebuilt = model.reconstruct(data.test)
        found["reconstruction_error"] = float(np.abs(rebuilt - data.test).mean())
        found |= metrics.code_moments(model.invert(data.test))
    stated = _protocol(data, samples, threshold)
    stated |= {"seed": seed, "mode_std": data.std, **_judge(data)}
    return found | {f"protocol_{key}": value for key, value in stated.items() if value is not None}


def _of_modes(x, data, threshold):
    assignment = data.assign(x)
    dim = data.shape[0] if data.kind == "points" else None
    found = metrics.mode_metrics(
        assignment.mode,
        assignment.good,
        data.num_modes,
        threshold=threshold,
        mode_weights=data.mode_weights,
        low_quality=None if dim is None else metrics.low_quality_share(dim),
    )
    for name in ("modes_covered", "modes_total", "samples"):
        found[name] = int(found[name])
    found["bad_fraction"] = 1 - found["high_quality"]
    if dim is not None:
        found |= metrics.mode_std_ratio(x, assignment.mode, assignment.good, data.centers, data.std)
    return found


def _protocol(data, samples, threshold):
    if not data.num_modes:
        return {"samples": samples}
    dim = data.shape[0] if data.kind == "points" else None
    return metrics.protocol(num_modes=data.num_modes, samples=samples, threshold=threshold, dim=dim)


def _judge(data):
    """Say how good the classifier is that assigns images to modes."""
    report = getattr(data.assign, "report", None)
    return {} if report is None else {f"classifier_{k}": v for k, v in report().items()}


def one_line(found):
    """Return the main figures as a line for people."""
    parts = []
    if "modes_total" in found:
        parts += [
            f"modes {found['modes_covered']}/{found['modes_total']}",
            f"quality {found['high_quality']:.2%}",
            f"reverse KL {found['reverse_kl']:+.3f}",
            f"KL {found['kl']:.3f}",
        ]
    elif "reconstruction_error" in found:
        parts.append(f"|x - G(F(x))| {found['reconstruction_error']:.3f}")
    return "   ".join([*parts, f"({found['protocol_samples']:,} samples)"])
