"""One training, diagnosed at its stages."""

import numpy as np

from keras_iidgan import cli
from keras_iidgan.callbacks.base import AtEvaluation
from keras_iidgan.comparing import plan

COLOURS = ("green", "yellow", "red")  # Of the monitor's light 0, 1 and 2.
_EVALUATION_SEED = 1
_WATCHED = 1000  # Real rows, as in a run.
# Of what the modes say, which the verdict doesn't see.
_TRUTH = ("modes_covered", "modes_total", "high_quality", "kl")


def config(arguments):
    """Parse flags of `train`, flag files among them, to a `RunConfig`."""
    return plan.parsed(cli.expand_flagfiles(arguments))


class Stages(AtEvaluation):
    """Diagnoses the model between epochs, and measures what it covers in truth.

    Args:
        run: a `session.Run`.
        samples: real and generated samples that the diagnosis gets; None for its default.

    Attributes:
        found: list of dicts, one for each stage.
    """

    def __init__(self, run, samples=None):
        super().__init__()
        self.run, self.samples, self.found = run, samples, []
        self._clusters = None
        self._glance, self._rows = _glance(run.data)

    def act(self, step, logs):
        """Diagnose and measure."""
        from keras_iidgan import diagnose

        diagnosis = diagnose.diagnose(
            self.run.model,
            self.run.data,
            samples=self.samples,
            seed=_EVALUATION_SEED,
            clusters=self._clusters,
        )
        self._clusters, verdict = diagnosis.clusters, diagnosis.verdict
        judged = {"colour": verdict.colour, "estimated": float(verdict.coverage)}
        judged["monitor"] = self._glanced()
        self.found.append({"step": step} | judged | self._truth())

    def _glanced(self):
        model = self.run.model
        codes = model.invert(self._rows) if model.can_invert else None
        found = self._glance(model.sample(self._glance.samples, _EVALUATION_SEED), codes)
        return {"colour": COLOURS[found["collapse"]], "estimated": found["coverage"]}

    def _truth(self):
        from keras_iidgan import evaluation

        config, data = self.run.config, self.run.data
        figures = evaluation.measure(
            self.run.model,
            data,
            samples=config.eval_samples or evaluation.default_samples(data),
            seed=_EVALUATION_SEED,
            threshold=config.mode_threshold,
        )
        return {name: figures[name] for name in _TRUTH}


def _glance(data):
    """Return what the collapse monitor sees with, without the modes; and the rows it watches."""
    from keras_iidgan.data.base import pixels
    from keras_iidgan.diagnostics import Glance

    rows = np.random.default_rng(_EVALUATION_SEED).permutation(len(data.train))[:_WATCHED]
    real = pixels(data.train[np.sort(rows)])
    return Glance(real), real


def train(cell, configs, quick=False):
    """Train a cell and return what was found at its stages.

    Args:
        cell: a `Cell`.
        configs: the folder of configurations.
        quick: whether only to see that it runs.

    Returns:
        List of dicts that JSON can hold: the cell's names, `step`, the verdict's `colour` and
        `estimated` coverage, the `monitor`'s, and the truth; of one that diverged the last has
        `diverged`, the reason, instead.
    """
    from keras_iidgan import callbacks, session
    from keras_iidgan.train import fit

    run = session.prepare(config(cell.arguments(configs, quick)))
    stages = Stages(run, samples=500 if quick else None)
    try:
        fit(run, [callbacks.StopOnNonFinite(), stages], 0)
    except ArithmeticError as error:
        stages.found.append({"diverged": str(error)})
    names = {"dataset": cell.dataset, "method": cell.method, "seed": cell.seed}
    return [names | found for found in stages.found]
