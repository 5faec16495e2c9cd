"""Tables of LDMGAN (2020)."""

from keras_iidgan.comparing.tables import Column, Table, rows

_METHODS = (
    ("GAN", "gan"),
    ("BiGAN", "bigan"),
    ("VEEGAN", "veegan"),
    ("VAEGAN", "vaegan_pixel"),
    ("LDMGAN", "ldmgan"),
)
_PRINTED = {
    "grid": {
        "GAN": ("3.4 ± 0.70", "11.10% ± 0.02%"),
        "BiGAN": ("20.4 ± 2.18", "66.45% ± 0.11%"),
        "VEEGAN": ("1 ± 0.00", "99.45% ± 0.01%"),
        "VAEGAN": ("8.9 ± 0.33", "98.60% ± 0.01%"),
        "LDMGAN": ("23.1 ± 1.05", "65.36% ± 0.07%"),
    },
    "ring": {
        "GAN": ("1 ± 0.00", "99.96% ± 0.01%"),
        "BiGAN": ("6.9 ± 0.93", "38.07% ± 0.07%"),
        "VEEGAN": ("1 ± 0.00", "99.89% ± 0.01%"),
        "VAEGAN": ("1 ± 0.00", "100.00% ± 0.00%"),
        "LDMGAN": ("8 ± 0.00", "97.86% ± 0.01%"),
    },
}
_STACKED = {
    "DCGAN": ("165.0 ± 49.06", "3.36 ± 0.21"),
    "BiGAN": ("135.6 ± 89.64", "3.22 ± 0.23"),
    "VEEGAN": ("178.8 ± 48.07", "3.35 ± 0.32"),
    "VAEGAN": ("206.4 ± 32.62", "3.21 ± 0.34"),
    "LDMGAN": ("988.8 ± 2.40", "0.15 ± 0.06"),
}
_FID = {
    "cifar10": {
        "DCGAN": ("51.79 ± 0.38",),
        "VAEGAN": ("50.82 ± 0.71",),
        "LDMGAN": ("47.02 ± 1.18",),
    },
    "celeb_a": {
        "DCGAN": ("14.82 ± 0.88",),
        "VAEGAN": ("14.98 ± 0.77",),
        "LDMGAN": ("13.32 ± 0.45",),
    },
}
# 50 epochs of 50,000 images and 30 of 162,770, in batches of 64, which the paper doesn't name.
_STEPS = {"cifar10": "39000", "celeb_a": "76200"}

TABLES = {
    "ldm_gan_table1": Table(
        "LDMGAN, Table 1: grid and ring",
        "2,048 samples; a mode counts that has more than twenty good ones. The paper names neither "
        "steps nor deviations nor rates: 50,000 steps, batches of 128 and deviations of 0.2 (grid) "
        "and 0.05 (ring) here, the rates of `configs/METHOD_grid.flags` or `configs/grid.flags`, "
        "and networks of `mlp:2x64/1x64`, its sizes, which are too small for narrower modes in so "
        "many steps. Its figures are of eight runs.",
        tuple(
            row
            for dataset, std in (("grid", "0.2"), ("ring", "0.05"))
            for row in rows(
                dataset,
                dataset,
                (
                    f"--std={std}",
                    "--architecture=mlp:2x64/1x64",
                    "--steps=50000",
                    "--eval_every=10000",
                    "--eval_samples=2048",
                    "--mode_threshold=21",
                ),
                _METHODS,
                ("modes", "quality"),
                _PRINTED[dataset],
            )
        ),
        (0, 1, 2, 3, 4),
        (
            Column("modes", "modes_covered", ".1f", "high"),
            Column("quality", "high_quality", ".2%", "protocol_perfect_high_quality"),
            Column("reverse KL of good samples", "reverse_kl_normalised", ".3f", "low"),
        ),
        paper="LDMGAN, Table 1",
    ),
    "ldm_gan_table3": Table(
        "LDMGAN, Table 3: Stacked MNIST",
        "50,000 images, 64 latent dimensions and 50 epochs, in batches of 64, which the paper "
        "doesn't name: hours a run on a GPU. 26,000 samples.",
        rows(
            "",
            "stacked_mnist",
            (
                "--train_size=50000",
                "--latent_dim=64",
                "--batch_size=64",
                "--steps=39000",
                "--eval_every=3900",
            ),
            (("DCGAN", "gan"), *_METHODS[1:]),
            ("modes", "KL"),
            _STACKED,
        ),
        (0, 1, 2, 3, 4),
        (
            Column("modes", "modes_covered", ".1f", "high"),
            Column("KL", "kl", ".2f", "low"),
        ),
        paper="LDMGAN, Table 3",
    ),
    "ldm_gan_table4": Table(
        "LDMGAN, Table 4: CIFAR-10 and CelebA",
        "100 latent dimensions, 50 and 30 epochs in batches of 64, 10,000 samples: hours a run on "
        "a GPU. FID at the last step; the paper prints the mean over runs of each run's best "
        "epoch. Inception is TF-GAN's.",
        tuple(
            row
            for dataset in ("cifar10", "celeb_a")
            for row in rows(
                dataset,
                dataset,
                ("--batch_size=64", f"--steps={_STEPS[dataset]}", "--latent_dim=100"),
                (("DCGAN", "gan"), *_METHODS[3:]),
                ("FID",),
                _FID[dataset],
            )
        ),
        (0, 1, 2, 3, 4),
        (Column("FID", "fid", ".2f", "low"),),
        paper="LDMGAN, Table 4",
        evaluate=("--metrics=fid", "--features=inception"),
    ),
}
