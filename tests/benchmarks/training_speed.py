"""Training steps per second of Keras' `fit`, beside PyTorch and the bare matrix products.

python tests/benchmarks/training_speed.py --threads=1,2 --out=configs/measured/speed.json
"""

import contest
import setting

GROUPS = {
    "Keras fit": ("keras_fit", ["fit"]),
    "PyTorch, eager": ("torch_step", ["eager", "eager_joined"]),
    "PyTorch, compiled losses": ("torch_step", ["compiled", "compiled_joined"]),
    "PyTorch, compiled step": ("torch_step", ["whole", "whole_joined"]),
    "matrix products": (
        "products",
        ["numpy", "numpy_joined", "torch", "torch_joined", "xla", "xla_joined"],
    ),
}


def trained():
    import products

    return {
        "batch_size": len(products.arrays()[1]),
        "matrix_product_flops_per_step": products.flops(),
    }


if __name__ == "__main__":
    contest.run(
        contest.Contest(
            script=__file__,
            description=__doc__.splitlines()[0],
            groups=GROUPS,
            steps=200,  # As many as one call of ours takes.
            setting=trained,
            check=setting.HERE / "same_losses.py",
        )
    )
