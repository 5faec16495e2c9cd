"""What the papers print of images, for RESULTS.md: made on GPUs, so not measured here."""

_COLUMNS = ("data", "method", "modes", "KL", "IS", "FID")
# IID-GAN, tables 2 to 4: data, method, then the columns above.
_ROWS = (
    ("stacked_mnist", "GAN", "392.0", "8.012", "", "97.788"),
    ("stacked_mnist", "VEEGAN", "761.8", "2.173", "", "86.689"),
    ("stacked_mnist", "PacGAN", "992.0", "0.277", "", "117.128"),
    ("stacked_mnist", "IID-GAN 1-D", "996.4", "0.152", "", "86.911"),
    ("stacked_mnist", "IID-GAN M-D", "999.7", "0.101", "", "69.675"),
    ("cifar10", "GAN", "", "", "4.84", "78.4"),
    ("cifar10", "Unrolled GAN", "", "", "4.65", "76.2"),
    ("cifar10", "VEEGAN", "", "", "3.56", "161.1"),
    ("cifar10", "GDPP", "", "", "4.43", "80.4"),
    ("cifar10", "IID-GAN 1-D", "", "", "4.89", "65.4"),
    ("cifar10", "IID-GAN M-D", "", "", "5.00", "76.9"),
    ("cifar100", "GAN", "", "", "4.79", "85.6"),
    ("cifar100", "Unrolled GAN", "", "", "4.96", "83.1"),
    ("cifar100", "VEEGAN", "", "", "4.34", "88.6"),
    ("cifar100", "GDPP", "", "", "4.87", "82.8"),
    ("cifar100", "IID-GAN 1-D", "", "", "5.05", "84.5"),
    ("cifar100", "IID-GAN M-D", "", "", "5.27", "82.1"),
    ("stl10", "GAN", "", "", "2.28", "245.21"),
    ("stl10", "BiGAN", "", "", "1.22", "251.21"),
    ("stl10", "Unrolled GAN", "", "", "4.78", "142.16"),
    ("stl10", "VEEGAN", "", "", "1.45", "298.95"),
    ("stl10", "IID-GAN M-D", "", "", "5.16", "139.10"),
)
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
    lines = [f"| {' | '.join(_COLUMNS)} |", "|" + "---|" * len(_COLUMNS)]
    lines += [f"| {' | '.join(cell or '-' for cell in row)} |" for row in _ROWS]
    return "\n\n".join([_HEAD, "\n".join(lines)])
