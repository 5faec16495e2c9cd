"""Pictures at the end of every epoch, as files and in TensorBoard."""

import dataclasses
import pathlib

import numpy as np

from keras_iidgan import image_pictures, plots, point_pictures
from keras_iidgan.callbacks.base import AtEvaluation


class Pictures(AtEvaluation):
    """Draws what the model generates and, where it has an inverse, where real data lie in z.

    For points it is the papers' figure and, over all epochs, their figure of training in time; for
    images it is what `image_pictures` can draw of this model. The same codes are used every time.

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
        title = f"{self.title}, step {step:,}"
        if point_pictures.can_draw(self.data):
            figures = self._points(model, title)
        elif self.data.kind == "points":
            figures = self._samples(model, title)
        else:
            figures = image_pictures.draw(
                model, self.data, image_pictures.AT_EVALUATION, seed=self.seed, title=title
            )
        for name, figure in figures.items():
            plots.save(figure, self.folder / f"{name}.png")
            self._summarise(name, figure, step)
            if not name.endswith("progress"):
                plots.save(figure, self.folder / "steps" / f"{name}-{step:08d}.png")

    def _points(self, model, title):
        snapshot = point_pictures.snapshot(model, self.data, seed=self.seed)
        self._keep(snapshot)
        progress = plots.progress_figure(
            kept_snapshots(self.folder),
            point_pictures.real_points(self.data),
            num_modes=self.data.num_modes,
            title=self.title,
        )
        return {
            "latent": point_pictures.draw(snapshot, self.data, title=title),
            "progress": progress,
        }

    def _samples(self, model, title):
        samples = {"G(z)": model.sample(point_pictures.DENSE, self.seed)}
        figure = point_pictures.draw_samples(samples, self.data, title=title)
        return {} if figure is None else {"samples": figure}

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
