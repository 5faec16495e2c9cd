"""Methods at the protocols of their own papers on points, scaled to what two cores do."""

from keras_iidgan.comparing.tables import COMPARED, Table, rows

_HEADINGS = ("modes", "quality", "reverse KL")
_PLAIN = ("--ema=0", "--eval_samples=2500", "--hparam=instance_noise=0")
_VEEGAN = (
    "--std=standard",
    "--latent_dim=254",
    "--architecture=mlp:2x128/1x128",
    "--batch_size=500",
    "--learning_rate=0.001",
    "--steps=50000",
    "--eval_every=10000",
    "--lr_schedule=constant",
    *_PLAIN,
)
_PACGAN = (
    "--std=standard",
    "--latent_dim=2",
    "--architecture=mlp:4x400/3x200",
    "--batch_size=100",
    "--beta_1=0.8",
    "--learning_rate=0.001",
    "--lr_schedule=cosine",
    "--steps=30000",
    "--eval_every=6000",
    *_PLAIN,
)
_UNROLLED = (
    "--std=standard",
    "--latent_dim=256",
    "--architecture=mlp:2x128/2x128,tanh",
    "--batch_size=512",
    "--learning_rate=0.001",
    "--optimizer=discriminator:adam@1e-4",
    "--steps=8000",
    "--eval_every=2000",
    "--lr_schedule=constant",
    *_PLAIN,
)

TABLES = {
    "originals": Table(
        "Methods at the protocols of their own papers",
        "",
        (
            *rows(
                "VEEGAN, grid",
                "grid",
                _VEEGAN,
                (("VEEGAN", "veegan"),),
                ("modes", "quality"),
                {"VEEGAN": ("24.6", "40%")},
            ),
            *rows(
                "PacGAN, ring",
                "ring",
                _PACGAN,
                (("PacGAN2", "pacgan"),),
                _HEADINGS,
                {"PacGAN2": ("7.9 ± 0.1", "95.6% ± 2.0%", "0.07 ± 0.03")},
            ),
            *rows(
                "PacGAN, grid",
                "grid",
                _PACGAN,
                (("PacGAN2", "pacgan"),),
                _HEADINGS,
                {"PacGAN2": ("23.8 ± 0.7", "91.3% ± 0.8%", "0.13 ± 0.04")},
            ),
            *rows(
                "Unrolled GAN, ring",
                "ring",
                _UNROLLED,
                (("Unrolled GAN", "unrolled_gan"),),
                ("modes",),
                {"Unrolled GAN": ("8",)},
            ),
        ),
        (0, 1, 2, 3, 4),
        COMPARED,
    ),
}
