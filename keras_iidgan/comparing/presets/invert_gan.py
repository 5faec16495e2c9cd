"""Tables of InvertGAN (2021), the first version of IID-GAN."""

from keras_iidgan.comparing.tables import COMPARED, Column, Table, rows

_POINTS = (
    ("GAN", "gan"),
    ("BiGAN", "bigan"),
    ("Unrolled GAN", "unrolled_gan"),
    ("VEEGAN", "veegan"),
    ("InvertGAN", "invertgan"),
)
_PRINTED = {
    "ring": {
        "GAN": ("3.6 ± 0.5", "98.8% ± 0.6%", "0.92 ± 0.11"),
        "BiGAN": ("6.8 ± 1.0", "38.6% ± 9.5%", "0.43 ± 0.18"),
        "Unrolled GAN": ("6.4 ± 2.2", "98.6% ± 0.5%", "0.42 ± 0.53"),
        "VEEGAN": ("5.4 ± 1.2", "38.8% ± 16.7%", "0.40 ± 0.10"),
        "InvertGAN": ("8.0 ± 0.0", "99.0% ± 0.2%", "0.17 ± 0.06"),
    },
    "grid": {
        "GAN": ("18.4 ± 1.6", "98.0% ± 0.4%", "0.75 ± 0.25"),
        "BiGAN": ("24.2 ± 1.2", "83.4% ± 2.9%", "0.26 ± 0.20"),
        "Unrolled GAN": ("8.2 ± 1.7", "98.7% ± 0.6%", "1.27 ± 0.17"),
        "VEEGAN": ("20.0 ± 2.6", "85.0% ± 5.9%", "0.41 ± 0.10"),
        "InvertGAN": ("25.0 ± 0.0", "98.0% ± 0.4%", "0.26 ± 0.12"),
    },
}
_IMAGES = {
    "cifar10": {
        "GAN": ("1.88", "262.91", "1.86"),
        "BiGAN": ("3.30", "184.37", "3.27"),
        "Unrolled GAN": ("4.72", "74.05", "4.67"),
        "VEEGAN": ("3.71", "120.62", "3.71"),
        "InvertGAN": ("4.68", "75.80", "4.67"),
    },
    "cifar100": {
        "GAN": ("5.03", "74.41", "5.09"),
        "BiGAN": ("4.41", "75.27", "4.49"),
        "Unrolled GAN": ("6.15", "79.14", "6.14"),
        "VEEGAN": ("4.80", "75.86", "4.85"),
        "InvertGAN": ("5.33", "74.26", "5.30"),
    },
    "stl10": {
        "GAN": ("2.28", "245.21", "2.29"),
        "BiGAN": ("1.22", "251.21", "1.22"),
        "Unrolled GAN": ("4.78", "142.16", "4.62"),
        "VEEGAN": ("1.45", "298.95", "1.46"),
        "InvertGAN": ("5.16", "139.10", "5.12"),
    },
}
_RESNET = ("--architecture=resnet", "--latent_dim=20", "--batch_size=64")
# 10,000 samples of CIFAR, and 5,000 of STL-10.
_SAMPLES = {"cifar10": "10000", "cifar100": "10000", "stl10": "5000"}

TABLES = {
    "invert_gan_table1": Table(
        "InvertGAN, Table 1: ring and grid",
        "24,000 steps for every method (the paper names no number), batches of 128, its networks, "
        "and `configs/ring.flags` and `configs/grid.flags` for all. Standard deviations as "
        "printed: 0.001 and 0.0025. The paper's heading of the ring's modes says Mode Score.",
        tuple(
            row
            for dataset in ("ring", "grid")
            for row in rows(
                dataset,
                dataset,
                ("--steps=24000", "--eval_every=4000"),
                _POINTS,
                ("modes", "quality", "reverse KL"),
                _PRINTED[dataset],
            )
        ),
        (0, 1, 2, 3, 4),
        COMPARED,
        paper="InvertGAN, Table 1",
    ),
    "invert_gan_table2": Table(
        "InvertGAN, Table 2: CIFAR-10, CIFAR-100 and STL-10",
        "The paper's ResNets with 20 latent dimensions, batches of 64 and 100,000 steps: hours a "
        "run on a GPU. 10,000 samples, of STL-10 5,000. Inception is TF-GAN's. Mode Score as the "
        "paper prints it, which Inception's 1,008 classes make equal to IS but for the shares of "
        "the training images.",
        tuple(
            row
            for dataset in ("cifar10", "cifar100", "stl10")
            for row in rows(
                dataset,
                dataset,
                (*_RESNET, f"--eval_samples={_SAMPLES[dataset]}"),
                _POINTS,
                ("IS", "FID", "MS"),
                _IMAGES[dataset],
            )
        ),
        (0, 1, 2),
        (
            Column("IS", "inception_score", ".2f", "high"),
            Column("FID", "fid", ".1f", "low"),
            Column("MS", "mode_score_che2017", ".2f", "high"),
        ),
        paper="InvertGAN, Table 2",
        evaluate=("--metrics=inception_score,fid,mode_score", "--features=inception"),
    ),
}
