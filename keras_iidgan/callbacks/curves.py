"""Figures over the steps of training, in TensorBoard."""

import math


class Curves:
    """Writes the numbers of an evaluation to TensorBoard, against the training step.

    Terms of the losses and their floors come as `losses/...`, all others as `metrics/...`; the
    protocol, which doesn't change, isn't written.

    Args:
        summary_writer: a TensorFlow summary writer.
        players: the first words of the terms' names.
    """

    def __init__(self, summary_writer, players):
        self.summary_writer = summary_writer
        self.players = tuple(f"{player}_" for player in players)

    def write(self, record):
        """Write one evaluation, a dict that has the key `step`."""
        import tensorflow as tf

        with self.summary_writer.as_default(step=record["step"]):
            for name, value in record.items():
                if name == "step" or name.startswith("protocol_") or not _is_number(value):
                    continue
                group = "losses" if name.startswith(self.players) else "metrics"
                tf.summary.scalar(f"{group}/{name}", value)


def _is_number(value):
    return isinstance(value, (int, float)) and math.isfinite(value)
