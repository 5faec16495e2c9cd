"""What IID-GAN prints of images, for RESULTS.md: made on GPUs, so not measured here."""

from keras_iidgan.comparing import presets

_COLUMNS = ("modes", "KL", "IS", "FID")
_TABLES = ("iid_gan_table3", "iid_gan_table2", "iid_gan_table4")
_HEAD = """## Images at the papers' settings, as printed

IID-GAN's tables 2 to 4: batches of 256, 100,000 steps, 10,000 samples (26,000 for Stacked MNIST).
None of it was measured here: it takes a GPU, and runs unchanged from `configs/iidgan_DATA.flags`
and `configs/gan_DATA.flags`. What differs from the rows above and from ours:

- Stacked MNIST: the rows of GAN, VEEGAN and PacGAN are those of PresGAN's table, at 64x64 and with
  other networks. The scaled-down rows above have smaller networks, smaller batches and a fifth of
  the steps.
- CIFAR and STL-10: Inception Score and FID rest on TF-GAN's Inception (`evaluate
  --metrics=fid,inception_score`); the paper doesn't name its weights. Its first version prints
  another FID for GAN on CIFAR-10 (262.9), with other networks.
- STL-10: the paper prints networks for 32x32 and says 64x64; ours have a block more there."""


def section():
    """Write the section, Markdown."""
    heads = ("data", "method", *_COLUMNS)
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for name in _TABLES:
        for row in presets.get(name).rows:
            cells = [row.paper.get(heading, "-") for heading in _COLUMNS]
            lines.append(f"| {' | '.join([row.setting, row.name, *cells])} |")
    return "\n\n".join([_HEAD, "\n".join(lines)])
