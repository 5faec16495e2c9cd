"""Tables of IID-GAN (Li et al., 2023) on images: tables 2 to 5, and the runs of Figs. 6 and 7."""

from keras_iidgan.comparing.tables import IMAGES, Column, Table, rows

_ONE_D = "--hparam=gaussian=w2_1d"


def _images(dataset, methods, columns, printed, *flags):
    return rows(dataset, dataset, flags, methods, columns, printed)


_SCORES = (
    Column("IS", "inception_score", ".2f", "high"),
    Column("FID", "fid", ".1f", "low"),
)
_INCEPTION = ("--metrics=inception_score,fid", "--features=inception")
_CIFAR = (
    ("GAN", "gan"),
    ("Unrolled GAN", "unrolled_gan"),
    ("VEEGAN", "veegan"),
    ("GDPP", "gdpp"),
    ("IID-GAN 1-D", "iidgan", _ONE_D),
    ("IID-GAN M-D", "iidgan"),
)
_GPU = "The paper's networks, batches of 256 and 100,000 steps: hours a run on a GPU."
_FEATURES = " Inception is TF-GAN's; the paper doesn't name its weights."

TABLES = {
    "iid_gan_fig6": Table(
        "IID-GAN, Fig. 6: MNIST",
        _GPU + " The paper's figure prints no numbers.",
        _images(
            "mnist",
            (
                ("VAE", "vae"),
                ("VEEGAN", "veegan"),
                ("IID-GAN 1-D", "iidgan", _ONE_D),
                ("IID-GAN M-D", "iidgan"),
            ),
            (),
            {},
        ),
        (0, 1, 2),
        (
            *IMAGES,
            Column("|mean F(x)|", "codes_mean", ".3f", "low"),
            Column("|cov F(x) - I|", "codes_covariance", ".3f", "low"),
        ),
        paper="IID-GAN, Fig. 6",
    ),
    "iid_gan_fig7": Table(
        "IID-GAN, Fig. 7: CIFAR-10 by class",
        _GPU + " Ten latent dimensions. The paper's figure prints no numbers." + _FEATURES,
        rows(
            "",
            "cifar10",
            ("--latent_dim=10",),
            (
                ("CGAN", "cgan"),
                ("MSGAN", "msgan"),
                ("IID-GAN 1-D", "iid_cgan", _ONE_D),
                ("IID-GAN M-D", "iid_cgan"),
            ),
        ),
        (0, 1, 2),
        _SCORES,
        paper="IID-GAN, Fig. 7",
        evaluate=_INCEPTION,
    ),
    "iid_gan_table2": Table(
        "IID-GAN, Table 2: CIFAR-10 and CIFAR-100",
        _GPU + " 10,000 samples." + _FEATURES,
        _images(
            "cifar10",
            _CIFAR,
            ("IS", "FID"),
            {
                "GAN": ("4.84", "78.4"),
                "Unrolled GAN": ("4.65", "76.2"),
                "VEEGAN": ("3.56", "161.1"),
                "GDPP": ("4.43", "80.4"),
                "IID-GAN 1-D": ("4.89", "65.4"),
                "IID-GAN M-D": ("5.00", "76.9"),
            },
        )
        + _images(
            "cifar100",
            _CIFAR,
            ("IS", "FID"),
            {
                "GAN": ("4.79", "85.6"),
                "Unrolled GAN": ("4.96", "83.1"),
                "VEEGAN": ("4.34", "88.6"),
                "GDPP": ("4.87", "82.8"),
                "IID-GAN 1-D": ("5.05", "84.5"),
                "IID-GAN M-D": ("5.27", "82.1"),
            },
        ),
        (0, 1, 2),
        _SCORES,
        paper="IID-GAN, Table 2",
        evaluate=_INCEPTION,
    ),
    "iid_gan_table3": Table(
        "IID-GAN, Table 3: Stacked MNIST",
        _GPU + " 26,000 samples. The printed rows of GAN, VEEGAN and PacGAN are those of PresGAN's "
        "table, at 64x64 and with other networks.",
        _images(
            "stacked_mnist",
            (
                ("GAN", "gan"),
                ("VEEGAN", "veegan"),
                ("PacGAN", "pacgan"),
                ("IID-GAN 1-D", "iidgan", _ONE_D),
                ("IID-GAN M-D", "iidgan"),
            ),
            ("modes", "KL", "FID"),
            {
                "GAN": ("392.0", "8.012", "97.788"),
                "VEEGAN": ("761.8", "2.173", "86.689"),
                "PacGAN": ("992.0", "0.277", "117.128"),
                "IID-GAN 1-D": ("996.4", "0.152", "86.911"),
                "IID-GAN M-D": ("999.7", "0.101", "69.675"),
            },
        ),
        (0, 1, 2, 3, 4),
        (
            Column("modes", "modes_covered", ".1f", "high"),
            Column("classified as", "modes_assigned", ".1f"),
            Column("KL", "kl", ".3f", "low"),
            Column("FID", "fid", ".1f", "low"),
        ),
        paper="IID-GAN, Table 3",
        evaluate=("--metrics=modes,kl,fid", "--features=inception"),
    ),
    "iid_gan_table4": Table(
        "IID-GAN, Table 4: STL-10",
        _GPU + " 10,000 samples. The paper prints networks for 32x32 and says 64x64; ours have a "
        "block more there." + _FEATURES + " MS comes from its probabilities, as printed.",
        _images(
            "stl10",
            (
                ("GAN", "gan"),
                ("BiGAN", "bigan"),
                ("Unrolled GAN", "unrolled_gan"),
                ("VEEGAN", "veegan"),
                ("IID-GAN M-D", "iidgan"),
            ),
            ("IS", "FID", "MS"),
            {
                "GAN": ("2.28", "245.21", "2.29"),
                "BiGAN": ("1.22", "251.21", "1.22"),
                "Unrolled GAN": ("4.78", "142.16", "4.62"),
                "VEEGAN": ("1.45", "298.95", "1.46"),
                "IID-GAN M-D": ("5.16", "139.10", "5.12"),
            },
        ),
        (0, 1, 2),
        (*_SCORES, Column("MS", "mode_score_che2017", ".2f", "high")),
        paper="IID-GAN, Table 4",
        evaluate=("--metrics=inception_score,fid,mode_score", "--features=inception"),
    ),
    "iid_gan_table5": Table(
        "IID-GAN, Table 5: IID's terms on WGAN-GP and SNGAN, CIFAR-10",
        "100,000 steps, ResNets: the paper doesn't print its networks. One of its JSDs has lost "
        "a digit, it seems: those of the two pairs differ by a factor of ten." + _FEATURES,
        _images(
            "cifar10",
            (
                ("WGAN-GP", "wgan_gp"),
                ("IID-GAN (WGAN-GP)", "iid_wgan_gp"),
                ("SNGAN", "sngan"),
                ("IID-GAN (SNGAN)", "iid_sngan"),
            ),
            ("IS", "JSD"),
            {
                "WGAN-GP": ("7.343", "0.00339"),
                "IID-GAN (WGAN-GP)": ("7.443", "0.00326"),
                "SNGAN": ("7.255", "0.0327"),
                "IID-GAN (SNGAN)": ("7.350", "0.0219"),
            },
            "--architecture=resnet",
        ),
        (0, 1, 2),
        (
            Column("IS", "inception_score", ".3f", "high"),
            Column("JSD", "jsd", ".5f", "low"),
        ),
        paper="IID-GAN, Table 5",
        evaluate=("--metrics=inception_score,jsd", "--features=inception"),
    ),
}
