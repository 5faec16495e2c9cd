"""Steps per second of Keras' `fit` on small images, beside the same step in PyTorch.

python tests/benchmarks/conv_speed.py --threads=1,2 --out=configs/measured/conv_speed.json
"""

import contest
import conv_setting
import setting

GROUPS = {
    "Keras fit": ("conv_keras", ["fit"]),
    "PyTorch, eager": ("conv_torch", ["eager", "eager_joined"]),
    "PyTorch, compiled losses": ("conv_torch", ["compiled", "compiled_joined"]),
}

if __name__ == "__main__":
    contest.run(
        contest.Contest(
            script=__file__,
            description=__doc__.splitlines()[0],
            groups=GROUPS,
            steps=20,
            setting=conv_setting.described,
            check=setting.HERE / "conv_same.py",
        )
    )
