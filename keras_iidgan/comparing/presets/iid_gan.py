"""Tables of IID-GAN (Li et al., 2023) on points: Table 1, and the runs of Fig. 5."""

from keras_iidgan.comparing.tables import COMPARED, POINTS, Table, rows

_MEASURED = ("modes", "quality", "reverse KL")
_ONE_D = "--hparam=gaussian=w2_1d"
_PRINTED = {
    "ring": {
        "GAN": ("3.6 ± 0.5", "98.8% ± 0.6%", "0.92 ± 0.11"),
        "BiGAN": ("6.8 ± 1.0", "38.6% ± 9.5%", "0.43 ± 0.18"),
        "Unrolled GAN": ("6.4 ± 2.2", "98.6% ± 0.5%", "0.42 ± 0.53"),
        "VEEGAN": ("5.4 ± 1.2", "38.8% ± 16.7%", "0.40 ± 0.10"),
        "IID-GAN (1-D)": ("8.0 ± 0.0", "97.3% ± 0.6%", "0.18 ± 0.06"),
        "IID-GAN (M-D)": ("8.0 ± 0.0", "99.0% ± 0.2%", "0.17 ± 0.06"),
    },
    "grid": {
        "GAN": ("18.4 ± 1.6", "98.0% ± 0.4%", "0.75 ± 0.25"),
        "BiGAN": ("24.2 ± 1.2", "83.4% ± 2.9%", "0.26 ± 0.20"),
        "Unrolled GAN": ("8.2 ± 1.7", "98.7% ± 0.6%", "1.27 ± 0.17"),
        "VEEGAN": ("20.0 ± 2.6", "85.0% ± 5.9%", "0.41 ± 0.10"),
        "IID-GAN (1-D)": ("25.0 ± 0.0", "97.8% ± 0.49%", "0.32 ± 0.09"),
        "IID-GAN (M-D)": ("25.0 ± 0.0", "98.0% ± 0.4%", "0.26 ± 0.12"),
    },
}
_THEIRS = (
    ("GAN", "gan"),
    ("BiGAN", "bigan"),
    ("Unrolled GAN", "unrolled_gan"),
    ("VEEGAN", "veegan"),
    ("IID-GAN (1-D)", "iidgan", _ONE_D),
    ("IID-GAN (M-D)", "iidgan"),
)
_PEERS = (
    ("PacGAN", "pacgan"),
    ("GDPP", "gdpp"),
    ("BuresGAN", "bures_gan"),
    ("MDGAN", "mdgan"),
    ("LDMGAN", "ldmgan"),
    ("WGAN-GP", "wgan_gp"),
)
_OTHERS = (
    ("InvertGAN", "invertgan"),
    ("AAE", "aae"),
    ("VAE", "vae"),
    ("VAEGAN, pixels", "vaegan_pixel"),
    ("SIG", "sig"),
    ("GAN-SI", "gan_si"),
    ("WGAN-GP-SI", "wgan_gp_si"),
    ("SNGAN", "sngan"),
    ("IID-GAN (WGAN-GP)", "iid_wgan_gp"),
    ("IID-GAN (SNGAN)", "iid_sngan"),
)
# 24,000 batches are those of the paper's Fig. 4; a table of them takes two cores about two hours.
_STEPS = ("--steps=24000", "--eval_every=4000")
_SAME = (
    "24,000 steps for every method (the paper's Fig. 4; its table names no number), batches of "
    "128, its networks, and `configs/ring.flags` and `configs/grid.flags`: the same rates, "
    "their schedule, and for methods that have it the noise on what D sees; WGAN-GP and, on the "
    "grid, VEEGAN have rates or weights of their own (`configs/METHOD_ring.flags`). `paper` is the "
    "printed standard deviation (0.001 and 0.0025), which takes more steps than these: the first "
    "tables of this page have IID-GAN and GAN after 80,000 and 120,000. `variance` reads it as a "
    "variance (0.0316 and 0.05)."
)


def _points(methods):
    return tuple(
        row
        for dataset in ("ring", "grid")
        for std in ("paper", "variance")
        for row in rows(
            f"{dataset}, std {std}",
            dataset,
            (f"--std={std}", *_STEPS),
            methods,
            _MEASURED,
            _PRINTED[dataset],
        )
    )


TABLES = {
    "iid_gan_table1": Table(
        "IID-GAN, Table 1: ring and grid",
        _SAME,
        _points(_THEIRS + _PEERS),
        (0, 1, 2, 3, 4),
        COMPARED,
        paper="IID-GAN, Table 1",
    ),
    "iid_gan_table1_others": Table(
        "Ring and grid: methods that IID-GAN's Table 1 doesn't have",
        _SAME,
        _points(_OTHERS),
        (0, 1, 2, 3, 4),
        COMPARED,
    ),
    "iid_gan_fig5": Table(
        "IID-GAN, Fig. 5: the grid from a poor start",
        "M-D and 1-D Gaussian loss, both the Wasserstein distance, on the grid, 48,000 steps, "
        "noise-free. The paper doesn't say what made its start poor; the figure of samples has the "
        "seed that covers the fewest modes at its first evaluation.",
        rows(
            "",
            "grid",
            ("--hparam=instance_noise=0", "--steps=48000", "--eval_every=6000"),
            (
                ("IID-GAN (1-D)", "iidgan", _ONE_D),
                ("IID-GAN (M-D)", "iidgan", "--hparam=gaussian=w2"),
            ),
        ),
        (0, 1, 2, 3, 4),
        POINTS,
        paper="IID-GAN, Fig. 5",
        picture=True,
    ),
}
