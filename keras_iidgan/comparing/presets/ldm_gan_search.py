"""The search of LDMGAN (2020), section 5.2: settings of its Table 2, and their MODE scores."""

import itertools
import random

from keras_iidgan.comparing.tables import Column, Row, Table

# Its Table 2 but for dropout in D: networks draw no noise of their own here, so that a run that was
# stopped goes on exactly.
_CHOICES = {
    "nLayerG": (2, 3, 4),
    "nLayerD": (2, 3, 4),
    "sizeG": (400, 800, 1600, 3200),
    "sizeD": (256, 512, 1024),
    "optimG": ("sgd", "adam"),
    "optimD": ("sgd", "adam"),
    "lr": ("1e-2", "1e-3", "1e-4"),
}
DRAWN = 32


def settings():
    """Return the settings of the search, `DRAWN` of all 1,296: always the same."""
    every = list(itertools.product(*_CHOICES.values()))
    drawn = sorted(random.Random(0).sample(range(len(every)), DRAWN))
    return [dict(zip(_CHOICES, every[i], strict=True)) for i in drawn]


def _rows(block, method, encoders_side):
    for s in settings():
        sides = {"generator": s["optimG"], encoders_side: s["optimG"], "discriminator": s["optimD"]}
        sizes = f"{s['nLayerG']}x{s['sizeG']}/{s['nLayerD']}x{s['sizeD']}"
        yield Row(
            f"{sizes}, {s['optimG']}/{s['optimD']}, {s['lr']}",
            method,
            "mnist",
            (
                f"--architecture=mlp:{sizes}",
                f"--optimizer={','.join(f'{player}:{name}' for player, name in sides.items())}",
                f"--learning_rate={s['lr']}",
                "--batch_size=64",
                "--steps=46800",
                "--eval_every=9360",
            ),
            block,
        )


TABLES = {
    "ldm_gan_mnist_grid": Table(
        "LDMGAN, Fig. 4: a search of settings on MNIST",
        f"{DRAWN} of the 1,296 settings of the paper's Table 2, drawn once and the same for both "
        "methods; without its choice of dropout in D. A row is layers x units of G (and E) and of "
        "D, their optimizers and the learning rate. 50 epochs in batches of 64, which the paper "
        "doesn't name; 10,000 samples; the MODE score of our classifier. The paper's figure has "
        "no numbers.",
        (*_rows("GAN", "gan", "generator"), *_rows("LDMGAN", "ldmgan", "encoder")),
        (0,),
        (
            Column("MODE score", "mode_score_che2017", ".2f", "high"),
            Column("modes", "modes_covered", ".1f", "high"),
            Column("good samples", "high_quality", ".1%", "high"),
        ),
        paper="LDMGAN, Fig. 4",
        evaluate=("--metrics=modes,mode_score", "--features=classifier"),
        histogram="mode_score_che2017",
    ),
}
