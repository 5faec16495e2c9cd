"""Adam's updates as a function: what an optimizer would do, and how that depends on the loss."""

import dataclasses

import keras
import tensorflow as tf

from keras_iidgan.training import optimizers

_TINY = 1e-37  # Smaller squares are 0 beside Adam's epsilon, and their roots have no slope.
_PLAIN = ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema")


@dataclasses.dataclass(frozen=True)
class Adam:
    """A copy of a Keras Adam's state that steps without touching the optimizer.

    Formula, as of Keras, with t updates so far and gradients g:
        m <- m + (1 - beta_1) (g - m),  v <- v + (1 - beta_2) (g^2 - v),  t <- t + 1
        w <- w - rate(t) sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) + epsilon)

    Args:
        optimizer: the built optimizer, whose settings and learning rate hold.
        updates: t, a float32 scalar.
        first: m of each variable, list of tensors.
        second: v of each variable, list of tensors.
    """

    optimizer: keras.optimizers.Adam
    updates: tf.Tensor
    first: list
    second: list

    @classmethod
    def of(cls, optimizer, variables):
        """Return the state in which an optimizer is, for `variables`, which it holds."""
        optimizer = optimizers.inner(optimizer)
        places = [optimizer._get_variable_index(v) for v in variables]
        moments = [
            [tf.convert_to_tensor(slots[i]) for i in places]
            for slots in (optimizer._momentums, optimizer._velocities)
        ]
        return cls(optimizer, tf.convert_to_tensor(optimizer.iterations), *moments)

    def step(self, values, gradients):
        """Return the values after an update, and the state after it; differentiable in both.

        Args:
            values: the variables' values, list of tensors.
            gradients: the loss' gradients by them.
        """
        optimizer, count = self.optimizer, tf.cast(self.updates + 1, tf.float32)
        beta_1, beta_2 = optimizer.beta_1, optimizer.beta_2
        first = _towards(self.first, gradients, 1 - beta_1)
        second = _towards(self.second, [g * g for g in gradients], 1 - beta_2)
        rate = self._rate() * tf.sqrt(1 - beta_2**count) / (1 - beta_1**count)
        values = [
            w - rate * m / (_root(v) + optimizer.epsilon)
            for w, m, v in zip(values, first, second, strict=True)
        ]
        return values, Adam(optimizer, self.updates + 1, first, second)

    def _rate(self):
        schedule = optimizers.schedule(self.optimizer)
        rate = self.optimizer.learning_rate if schedule is None else schedule(self.updates)
        return tf.cast(tf.convert_to_tensor(rate), tf.float32)


def _towards(moments, targets, share):
    return [m + share * (t - m) for m, t in zip(moments, targets, strict=True)]


def _root(x):
    """Return sqrt(x) with the slope 0 at 0, where a unit that is off would else give NaN."""
    is_positive = x > _TINY
    return tf.where(is_positive, tf.sqrt(tf.where(is_positive, x, 1.0)), 0.0)


def check(player, optimizer):
    """Refuse an optimizer whose updates `Adam` doesn't repeat.

    Raises:
        ValueError: names the player, and what isn't plain Adam about its optimizer.
    """
    optimizer = optimizers.inner(optimizer)
    found = type(optimizer).__name__
    extras = [name for name in _PLAIN if getattr(optimizer, name, None)]
    extras += ["amsgrad"] if getattr(optimizer, "amsgrad", False) else []
    if type(optimizer) is not keras.optimizers.Adam or extras:
        found = " with ".join([found, *extras])
        raise ValueError(f"optimizer of the {player} must be a plain Adam; got {found}")
