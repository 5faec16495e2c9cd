"""Draw all pictures of a saved run at full size.

python -m keras_iidgan.draw --run=runs/00000-iidgan-digits
"""

import pathlib

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError


def main(values):
    """Draw, write PNG files, and say where they are and which pictures the model can't have."""
    if not 0 <= values.seed < 2**32:
        raise UsageError(f"--seed must be in [0, {2**32}); got {values.seed}")
    from keras_iidgan import plots, saved_run
    from keras_iidgan.files import reason

    run = saved_run.load(values.run, values.checkpoint)
    figures, missing = _pictures(run, values.seed)
    out = pathlib.Path(values.out) if values.out else run.path / "drawn"
    for name, figure in figures.items():
        path = out / f"{name}.png"
        try:
            plots.save(figure, path)
        except OSError as error:
            raise UsageError(f"{path} can't be written: {reason(error)}") from None
        print(f"{name:<17}{path}")
    for name, why in missing.items():
        print(f"{name:<17}left out: {why}")
    return 0


def _pictures(run, seed):
    """The figures by name, and why others are left out."""
    from keras_iidgan import image_pictures, point_pictures

    title = f"{run.config.method} on {run.config.dataset}, step {int(run.model.step.numpy()):,}"
    if run.data.kind == "images":
        full = image_pictures.FULL
        figures = image_pictures.draw(run.model, run.data, full, seed=seed, title=title)
        return figures, image_pictures.left_out(run.model, run.data)
    if not point_pictures.can_draw(run.data):
        samples = {"G(z)": run.model.sample(point_pictures.DENSE, seed)}
        figure = point_pictures.draw_samples(samples, run.data, title=title)
        if figure is not None:
            return {"samples": figure}, {}
        raise UsageError(
            f"--run must hold a model of images or of points in 1 or 2 dimensions; "
            f"those of {run.config.dataset} have shape {run.data.shape}"
        )
    seen = point_pictures.snapshot(run.model, run.data, seed=seed)
    return {"latent": point_pictures.draw(seen, run.data, title=title)}, {}


if __name__ == "__main__":
    cli.run(main, flags.define_draw)
