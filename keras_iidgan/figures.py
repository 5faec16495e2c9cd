"""The figures of every report: coverage, quality and divergences of one model's samples."""

from keras_iidgan import evaluation

# Generated samples per evaluation in the papers; see `default_samples`.
_SAMPLES = {"ring": 50_000, "stacked_digits": 26_000, "stacked_mnist": 26_000}
# What a person is shown, in this order.
_SHOWN = {
    "modes_covered": "modes {}",
    "high_quality": "quality {:.2%}",
    "reverse_kl": "reverse KL {:+.3f}",
    "kl": "KL {:.3f}",
    "fid": "FID {:.3f}",
    "kid": "KID {:.5f}",
    "inception_score": "IS {:.3f}",
    "mode_score_xu2018": "mode score {:.3f}",
    "jsd": "JSD {:.4f}",
    "precision": "precision {:.3f}",
    "recall": "recall {:.3f}",
    "density": "density {:.3f}",
    "coverage": "coverage {:.3f}",
    "reconstruction_error": "|x - G(F(x))| {:.3f}",
}


def default_samples(data):
    """Return the papers' number of generated samples for a data set."""
    return _SAMPLES.get(data.name, 100_000 if data.kind == "points" else 10_000)


def measure(
    model,
    data,
    *,
    samples,
    seed,
    threshold=1,
    names=None,
    least_confidence=None,
    make_extractor=None,
):
    """Sample a model and measure it.

    Args:
        model: anything with `sample_chunks(n, seed)`, and with `invert` and `generate` if
            `can_invert`.
        data: a `Data`.
        samples: N, how many samples to draw.
        seed: seed of the draw.
        threshold: good samples that make a mode count as covered.
        names: metrics, of `evaluation.METRICS`; None measures what training does, as far as
            model and data have it: modes, KL and codes.
        least_confidence: probability from which an image counts as good; None is the data's own.
        make_extractor: a function without arguments that returns the `features.Extractor` of the
            metrics that need one.

    Returns:
        A flat dict: the figures of each metric, see `evaluation`, and the protocol's fields
        prefixed with `protocol_`. Where metrics were named that can't be had, `left_out` has the
        reason of each.
    """
    setting = evaluation.Setting(
        model, data, samples, seed, threshold, least_confidence, make_extractor
    )
    chosen = evaluation.IN_TRAINING if names is None else names
    found, stated, left_out = evaluation.collect(setting, chosen)
    stated = {"samples": samples, "seed": seed} | stated
    found |= {f"protocol_{key}": value for key, value in stated.items() if value is not None}
    return found | ({"left_out": left_out} if names and left_out else {})


def one_line(found):
    """Return the main figures as a line for people."""
    parts = [
        pattern.format(found[name])
        for name, pattern in _SHOWN.items()
        if name in found and not (name == "reconstruction_error" and "modes_total" in found)
    ]
    if "modes_total" in found:
        parts[0] = f"modes {found['modes_covered']}/{found['modes_total']}"
    return "   ".join([*parts, f"({found['protocol_samples']:,} samples)"])
