"""Learning-rate schedules through given points."""

import math

import keras


class _Stretches(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that goes through `points`, a list of (step, rate), and stays at the last one."""

    def __init__(self, points):
        self.points = [(float(step), float(rate)) for step, rate in points]

    def __call__(self, step):
        """Return the rate at a step, a float32 scalar."""
        ops = keras.ops
        step = ops.cast(step, "float32")
        rate = ops.cast(self.points[-1][1], "float32")
        for start, end in reversed(list(zip(self.points[:-1], self.points[1:], strict=True))):
            share = ops.clip((step - start[0]) / (end[0] - start[0]), 0.0, 1.0)
            rate = ops.where(step < end[0], self.between(start[1], end[1], share), rate)
        return rate

    def get_config(self):
        """Return the constructor's arguments."""
        return {"points": self.points}


@keras.saving.register_keras_serializable("keras_iidgan")
class Exponential(_Stretches):
    """Falls by equal factors in equal times between its points.

    Formula: rate_a (rate_b / rate_a)^t, with t in [0, 1] the share of the way from a to b

    Args:
        points: list of (step, rate) in the order of their steps, rates above 0.
    """

    def between(self, first, last, share):
        """Return the rate at a share of the way."""
        return first * keras.ops.exp(share * math.log(last / first))


@keras.saving.register_keras_serializable("keras_iidgan")
class Cosine(_Stretches):
    """Falls along half a cosine.

    Formula: rate_b + (rate_a - rate_b) (1 + cos(pi t)) / 2, with t the share of the way

    Args:
        points: list of (step, rate) in the order of their steps.
    """

    def between(self, first, last, share):
        """Return the rate at a share of the way."""
        return last + (first - last) * 0.5 * (1 + keras.ops.cos(math.pi * share))


@keras.saving.register_keras_serializable("keras_iidgan")
class Slowed(keras.optimizers.schedules.LearningRateSchedule):
    """The schedule of an optimizer that updates several times in a training step.

    Formula: rate(step) = schedule(floor(step / repeats))

    Args:
        schedule: a Keras schedule, in training steps.
        repeats: updates in a training step.
    """

    def __init__(self, schedule, repeats):
        self.schedule, self.repeats = schedule, repeats

    def __call__(self, step):
        """Return the rate at an update, a float32 scalar."""
        return self.schedule(keras.ops.floor_divide(step, self.repeats))

    def get_config(self):
        """Return the constructor's arguments."""
        schedule = keras.optimizers.schedules.serialize(self.schedule)
        return {"schedule": schedule, "repeats": self.repeats}

    @classmethod
    def from_config(cls, config):
        """Build a schedule from `get_config()`'s dict."""
        return cls(keras.optimizers.schedules.deserialize(config["schedule"]), config["repeats"])


def named(name, points, otherwise):
    """Return the schedule that a flag names, `cosine` or `exponential`; else the constant rate."""
    kinds = {"cosine": Cosine, "exponential": Exponential}
    return kinds[name](points) if name in kinds else otherwise
