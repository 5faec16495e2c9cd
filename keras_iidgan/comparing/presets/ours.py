"""The project's own tables: IID-GAN beside GAN, on points and on 1,000 modes that two cores do."""

from keras_iidgan.comparing.tables import POINTS, Column, Row, Table

_IMAGES = (
    Column("modes", "modes_covered", ".1f"),
    Column("classified as", "modes_assigned", ".1f"),
    Column("above 0.75", "high_quality", ".1%"),
    Column("KL", "kl", ".3f"),
    Column("|x - G(F(x))|", "reconstruction_error", ".3f"),
)
_CODES = (
    Column("|mean F(x)|", "codes_mean", ".3f"),
    Column("|cov F(x) - I|", "codes_covariance", ".3f"),
)
_LOSSES = ("p_norm", "w2", "kl_pq", "kl_qp", "w2_1d", "z_discriminator", "none")
_NOISE_FREE = "--hparam=instance_noise=0"
# Wide modes need no long sharpening.
_VARIANCE = ("--std=variance", "--steps=60000", "--eval_every=6000")


def _synthetic(dataset):
    return tuple(
        Row(f"{method} {dataset} {kind}", method, dataset, more)
        for kind, more in (
            ("paper", ()),
            ("paper noise-free", (_NOISE_FREE,)),
            ("variance", _VARIANCE),
        )
        for method in ("iidgan", "gan")
    )


def _stacked(setting):
    return (
        Row(f"iidgan M-D {setting}", "iidgan", setting),
        Row(f"iidgan 1-D {setting}", "iidgan", setting, ("--hparam=gaussian=w2_1d",)),
        Row(f"gan {setting}", "gan", setting),
    )


TABLES = {
    "ring": Table(
        "Ring: 8 modes",
        "The same networks, steps, rates and schedule for both methods, and the same noise on what "
        "D sees, which falls as the square of the rate; `noise-free` rows go without it, as the "
        "paper does. Samples come from the moving average of G. `paper` is the printed standard "
        "deviation of 0.001, `variance` reads that figure as a variance (0.0316). The paper prints "
        "8 modes, 99.0 % and 0.17 for IID-GAN, 3.6, 98.8 % and 0.92 for GAN.",
        _synthetic("ring"),
        (0, 1, 2, 3, 4),
        POINTS,
    ),
    "grid": Table(
        "Grid: 25 modes",
        "As above; `paper` is a standard deviation of 0.0025, `variance` of 0.05. The paper prints "
        "25 modes, 98.0 % and 0.26 for IID-GAN, 18.4, 98.0 % and 0.75 for GAN.",
        _synthetic("grid"),
        (0, 1, 2, 3, 4),
        POINTS,
    ),
    "gaussian": Table(
        "Gaussian losses on the ring",
        "IID-GAN on the ring, preset `paper`, noise-free, with each Gaussian loss in turn (Fig. "
        "8). The last columns measure what the loss is there for: how far mean and covariance of "
        "the codes of test data are from those of N(0, I). The paper's claim, M-D before 1-D "
        "before none, shows in those columns and in the balance of the modes (reverse KL of good "
        "samples; kl_qp has one seed out of line); coverage and quality don't tell the losses "
        "apart.",
        tuple(
            Row(
                f"ring {name}",
                "iidgan",
                "ring",
                (
                    f"--hparam=gaussian={name}",
                    _NOISE_FREE,
                    "--steps=40000",
                    "--eval_every=4000",
                ),
            )
            for name in _LOSSES
        ),
        (0, 1, 2),
        POINTS + _CODES,
        picture=True,
    ),
    "stacked_digits": Table(
        "Stacked digits: 1,000 modes",
        "Three real 8x8 handwritten digits as RGB, classified channel by channel; small multilayer "
        "perceptrons, the same networks and steps for all. M-D and 1-D are the Gaussian losses of "
        "IID-GAN: of the whole covariance, and of each dimension's deviation alone.",
        _stacked("stacked_digits"),
        (0, 1, 2),
        _IMAGES,
    ),
    "stacked_mnist_small": Table(
        "Stacked MNIST, scaled down: 1,000 modes",
        "Real MNIST digits, 28x28, classified channel by channel; a small DCGAN (`dcgan_s`), "
        "batches of 64 and 20,000 steps, so that two cores finish in well under an hour; the same "
        "networks, rates and steps for all. The paper's own setting (its DCGAN, batches of 256, "
        "100,000 steps) is `configs/iidgan_stacked_mnist.flags`, for a GPU; its Table 3 has 999.7 "
        "modes and a KL of 0.101 for IID-GAN, 392.0 and 8.012 for GAN, of another network.",
        _stacked("stacked_mnist_small"),
        (0, 1, 2),
        _IMAGES,
    ),
}
# The Gaussian losses are the paper's Fig. 8.
ALIASES = {"iid_gan_fig8": "gaussian"}
