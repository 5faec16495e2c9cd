"""Pictures at the end of every epoch, as files and in TensorBoard."""

import dataclasses
import pathlib

import numpy as np

from keras_iidgan import plots
from keras_iidgan.callbacks.base import AtEvaluation

_POINTS = 2000
_IMAGES = 64
_RECONSTRUCTIONS = 12


class Pictures(AtEvaluation):
    """Draws what the model generates and, where it has an inverse, where real data lie in z.

    For points it is the papers' figure and, over all epochs, their figure of training in time;
    for images a grid of samples and a row of reconstructions. The same codes are used every time.

    Args:
        data: a `Data`.
        folder: where the PNG files go; the figure of each step, and of the whole run so far.
        summary_writer: a TensorFlow summary writer, or None.
        seed: seed of the codes.
        title: of every figure.
        due: as of `AtEvaluation`.
    """

    def __init__(
        self, data, folder, *, summary_writer=None, seed=0, title="", due=lambda step: False
    ):
        super().__init__(due)
        self.data, self.folder = data, pathlib.Path(folder)
        self.summary_writer, self.seed, self.title = summary_writer, seed, title

    def act(self, step, logs):
        """Draw the model of the training."""
        self.draw(self.model)

    def draw(self, model):
        """Draw the figures of a model as it is now."""
        step = int(model.step.numpy())
        is_points = self.data.kind == "points" and self.data.shape == (2,)
        figures = self._points(model, step) if is_points else self._images(model, step)
        for name, figure in figures.items():
            plots.save(figure, self.folder / f"{name}.png")
            self._summarise(name, figure, step)
            if not name.endswith("progress"):
                plots.save(figure, self.folder / "steps" / f"{name}-{step:08d}.png")

    def _points(self, model, step):
        real = self.data.train[:_POINTS]
        z = model.latents(_POINTS, self.seed)
        x_fake = model.generate(z)
        assignment = self.data.assign(x_fake)
        snapshot = plots.Snapshot(
            step=step,
            z=z,
            x_fake=x_fake,
            mode=assignment.mode,
            good=assignment.good,
            z_real=model.invert(real) if model.can_invert else None,
            real_mode=self.data.labels[:_POINTS] if model.can_invert else None,
        )
        self._keep(snapshot)
        fields = {k: v for k, v in vars(snapshot).items() if k != "step"}
        modes = {"num_modes": self.data.num_modes}
        title = f"{self.title}, step {step:,}"
        return {
            "latent": plots.latent_figure(x_real=real, **fields, **modes, title=title),
            "progress": plots.progress_figure(
                kept_snapshots(self.folder), real, **modes, title=self.title
            ),
        }

    def _images(self, model, step):
        title = f"{self.title}, step {step:,}"
        found = {"samples": plots.samples_figure(model.sample(_IMAGES, self.seed), title=title)}
        if model.can_invert:
            x = self.data.test[:_RECONSTRUCTIONS]
            found["reconstructions"] = plots.reconstructions_figure(x, model.reconstruct(x))
        return found

    def _keep(self, snapshot):
        """Keep a snapshot on disk, so that a resumed run still has the figure's first columns."""
        folder = self.folder / "steps"
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {k: v for k, v in dataclasses.asdict(snapshot).items() if v is not None}
        np.savez_compressed(folder / f"snapshot-{snapshot.step:08d}.npz", **arrays)

    def _summarise(self, name, figure, step):
        if self.summary_writer is None:
            return
        import tensorflow as tf

        with self.summary_writer.as_default(step=step):
            tf.summary.image(name, plots.to_array(figure)[None])


def kept_snapshots(folder):
    """Return the `plots.Snapshot`s that a run has kept in its folder of pictures, by step."""
    kept = []
    for path in sorted((pathlib.Path(folder) / "steps").glob("snapshot-*.npz")):
        with np.load(path) as arrays:
            fields = dict(arrays)
        kept.append(plots.Snapshot(**(fields | {"step": int(fields["step"])})))
    return kept
