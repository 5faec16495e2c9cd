"""The main figures in a line."""

_LINE = (
    ("high_quality", "quality {:.2%}"),
    ("reverse_kl", "reverse KL {:+.3f}"),
    ("kl", "KL {:.3f}"),
    ("fid", "FID {:.2f}"),
    ("kid", "KID {:.4f}"),
    ("inception_score", "IS {:.2f}"),
)


def one_line(found):
    """Return the main figures as a line for people."""
    parts = []
    if found.get("modes_total") is not None:
        parts.append(f"modes {found['modes_covered']}/{found['modes_total']}")
    parts += [style.format(found[k]) for k, style in _LINE if found.get(k) is not None]
    if not parts and found.get("reconstruction_error") is not None:
        parts.append(f"|x - G(F(x))| {found['reconstruction_error']:.3f}")
    return "   ".join([*parts, f"({found['protocol_samples']:,} samples)"])
