"""Tables of the semi-implicit generator (Yin and Zhou, 2019)."""

from keras_iidgan.comparing.tables import Column, Table, rows

_TABLE1 = {
    "GAN": ("4.0 ± 3.08", "0.36 ± 0.16", "2.87 ± 0.78"),
    "VAE": ("25 ± 0", "0.83 ± 0.02", "0.32 ± 0.07"),
    "VEEGAN": ("23.2 ± 0.84", "0.82 ± 0.03", "0.38 ± 0.08"),
    "Unrolled GAN": ("6.2 ± 8.6", "0.42 ± 0.13", "1.97 ± 0.60"),
    "SIG": ("25 ± 0", "0.91 ± 0.04", "0.14 ± 0.07"),
}
_HEADINGS = ("IS", "high quality", "exp(H(y|x))", "exp(H(y))", "modes", "KL")
_TABLE2 = {
    "S": {
        "DCGAN": "2.9 ± 0.52, 0.63 ± 0.14, 1.96 ± 0.32, 5.1 ± 1.19, 21.0 ± 8.12, 4.99 ± 0.24",
        "DCGAN-SI": "4.33 ± 0.59, 0.6 ± 0.07, 2.05 ± 0.2, 8.78 ± 0.41, 279.2 ± 296.52, 2.63 ± 1.0",
    },
    "M": {
        "DCGAN": "5.59 ± 0.36, 0.7 ± 0.03, 1.71 ± 0.09, 9.51 ± 0.31, 811.8 ± 116.24, 0.75 ± 0.35",
        "DCGAN-SI": "5.93 ± 0.47, 0.72 ± 0.04, 1.65 ± 0.11, 9.75 ± 0.11, 969.0 ± 29.19, 0.3 ± 0.13",
    },
    "L": {
        "DCGAN": "4.71 ± 1.12, 0.67 ± 0.08, 1.78 ± 0.17, 8.25 ± 1.32, 389.8 ± 477.24, 2.95 ± 2.33",
        "DCGAN-SI": "6.05 ± 0.68, 0.73 ± 0.06, 1.62 ± 0.17, 9.75 ± 0.12, 957.0 ± 32.74, "
        "0.36 ± 0.12",
    },
}
_TABLE3 = {
    "DCGAN": ("6.16 ± 0.14",),
    "DCGAN-SI": ("6.85 ± 0.06",),
    "WGAN-GP": ("6.43 ± 0.07",),
    "WGAN-GP-SI": ("6.67 ± 0.11",),
}

TABLES = {
    "semi_implicit_table1": Table(
        "Semi-implicit generator, Table 1: 5x5 Gaussians",
        "50,000 samples; a mode counts that has more than 1,000 good ones; KL over the 25 modes "
        "and the bad samples, of which a perfect sampler has 1.11 %. The paper names neither "
        "latent size, spacing nor deviation of the modes, steps nor rates. Here: two latent "
        "dimensions, 25,000 steps in batches of 128, networks of its sizes, and a deviation of 0.2 "
        "at the spacing of 2, which is that of its toys, 0.1, at a spacing of 1; SIG's likelihood "
        "has it too, and VAE's decoder twice as much. The rates are those of "
        "`configs/METHOD_grid.flags`, or of `configs/grid.flags`; SIG has 300 draws of its "
        "mixture. VEEGAN adds noise of deviation 1 to each code, which leaves little of two "
        "dimensions; the table of original protocols has it with its own 254. The paper's figures "
        "have the standard error of five runs, ours the deviation.",
        rows(
            "",
            "grid",
            (
                "--std=0.2",
                "--architecture=mlp:2x100/1x100",
                "--latent_dim=2",
                "--steps=25000",
                "--eval_every=5000",
                "--eval_samples=50000",
                "--mode_threshold=1001",
            ),
            (
                ("GAN", "gan"),
                ("VAE", "vae", "--hparam=decoder_std=0.4"),
                ("VEEGAN", "veegan"),
                ("Unrolled GAN", "unrolled_gan"),
                ("SIG", "sig", "--hparam=mixture_draws=300", "--hparam=scale=0.2"),
            ),
            ("modes", "high quality", "KL"),
            _TABLE1,
        ),
        (0, 1, 2, 3, 4),
        (
            Column("modes", "modes_covered", ".1f", "high"),
            Column("high quality", "high_quality", ".3f", "protocol_perfect_high_quality"),
            Column("KL", "kl", ".3f", "low"),
        ),
        paper="Semi-implicit generator, Table 1",
    ),
    "semi_implicit_fig1": Table(
        "Semi-implicit generator, Fig. 1: counts and points",
        "Ten latent dimensions, 20,000 steps: SIG with a Poisson likelihood on counts, with a "
        "Gaussian of deviation 0.1 on points, beside GAN. The paper's figure prints no numbers; KL "
        "is that of the shares of the counts, or of the modes, and JSD is over 100 cells of "
        "K-means, which so few different counts don't make.",
        tuple(
            row
            for setting, likelihood in (
                ("negative_binomial", "poisson"),
                ("poisson_mixture", "poisson"),
                ("noisy_ring", "gaussian"),
                ("ring", "gaussian"),
            )
            for row in rows(
                setting,
                setting,
                ("--latent_dim=10", "--steps=20000", "--eval_every=4000"),
                (("SIG", "sig", f"--hparam=likelihood={likelihood}"), ("GAN", "gan")),
            )
        ),
        (0,),
        (
            Column("KL", "kl", ".4f", "low"),
            Column("JSD", "jsd", ".4f", "low"),
        ),
        paper="Semi-implicit generator, Fig. 1",
        evaluate=("--metrics=kl,jsd",),
    ),
    "semi_implicit_table2": Table(
        "Semi-implicit generator, Table 2: Stacked MNIST",
        "The paper's networks of three sizes, 256 latent dimensions, 100,000 steps in batches of "
        "64: hours a run on a GPU. Scores are of our classifier's ten classes; an image is of high "
        "quality from a probability of 0.7.",
        tuple(
            row
            for size in _TABLE2
            for row in rows(
                size,
                "stacked_mnist",
                (f"--architecture=sig_{size.lower()}", "--latent_dim=256", "--batch_size=64"),
                (("DCGAN", "gan"), ("DCGAN-SI", "gan_si")),
                _HEADINGS,
                {name: line.split(", ") for name, line in _TABLE2[size].items()},
            )
        ),
        (0, 1, 2, 3, 4),
        (
            Column("IS", "inception_score", ".2f", "high"),
            Column("high quality", "high_quality", ".2f", "high"),
            Column("exp(H(y|x))", "sample_perplexity", ".2f", "low"),
            Column("exp(H(y))", "class_perplexity", ".2f", "high"),
            Column("modes", "modes_covered", ".1f", "high"),
            Column("KL", "kl", ".2f", "low"),
        ),
        paper="Semi-implicit generator, Table 2",
        evaluate=(
            "--metrics=modes,kl,inception_score",
            "--features=classifier",
            "--least_confidence=0.7",
        ),
    ),
    "semi_implicit_table3": Table(
        "Semi-implicit generator, Table 3: CIFAR-10",
        "100,000 steps in batches of 64, Adam at 2e-4: hours a run on a GPU. The paper's networks "
        "aren't printed; ours are `dcgan`. Inception is TF-GAN's. Real images have 11.24 ± 0.12.",
        rows(
            "",
            "cifar10",
            ("--batch_size=64",),
            (
                ("DCGAN", "gan"),
                ("DCGAN-SI", "gan_si"),
                ("WGAN-GP", "wgan_gp"),
                ("WGAN-GP-SI", "wgan_gp_si"),
            ),
            ("IS",),
            _TABLE3,
        ),
        (0, 1, 2),
        (Column("IS", "inception_score", ".2f", "high"),),
        paper="Semi-implicit generator, Table 3",
        evaluate=("--metrics=inception_score", "--features=inception"),
    ),
}
