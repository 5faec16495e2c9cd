"""How many times faster the input pipeline yields batches than the training step takes them.

python tests/benchmarks/pipeline_speed.py --threads=2 --out=configs/measured/pipeline_speed.json
"""

import contest
import conv_setting
import setting

GROUPS = {
    "Keras fit": ("conv_keras", ["fit"]),
    "pipeline": ("conv_pipeline", ["batches", "batches_flip", "batches_disk"]),
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
