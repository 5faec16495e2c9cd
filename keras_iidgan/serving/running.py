"""The run of a signature for a request, whichever way that came."""

import time


class Runner:
    """Runs servables within limits, and notes how long they took.

    Args:
        limits: The `Limits`.
        metrics: The `Registry`.
    """

    def __init__(self, limits, metrics):
        self._limits, self._metrics = limits, metrics

    def run(self, model, servable, name, inputs):
        """Run a signature.

        Args:
            model: The model's name.
            servable: See `registry.models`.
            name: The signature's name.
            inputs: `{alias: array}`.

        Returns:
            `{alias: array}`.

        Raises:
            StatusError: INVALID_ARGUMENT for too many rows; also what the servable raises.
        """
        self._limits.check_rows(inputs)
        started = time.perf_counter()
        outputs = servable.run(name, inputs)
        self._metrics.observe_runtime(model, "Predict", time.perf_counter() - started)
        return outputs
