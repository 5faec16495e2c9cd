"""Scores by the class probabilities that a classifier gives generated images."""

import keras
from keras import ops

from keras_iidgan import checks
from keras_iidgan.keras_metrics.base import PACKAGE, Sums, share, x_log_ratio
from keras_iidgan.keras_metrics.modes import shares

FORMS = ("che2017", "xu2018")


class _ClassSums(Sums):
    """Adds up probabilities and their entropies.

    Args:
        num_classes: K.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: `num_classes` isn't a whole number of at least 1.
    """

    def __init__(self, num_classes, name=None, dtype="float64"):
        super().__init__(name, dtype)
        checks.whole("num_classes", num_classes, 1)
        self.num_classes = num_classes
        self.sum = self.add_sum("sum", [num_classes])
        self.entropy = self.add_sum("entropy")
        self.samples = self.add_sum("samples")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add probabilities.

        Args:
            y_true: not looked at; Keras passes it.
            y_pred: [B, K], the classifier's probabilities p(y|x) of generated images; rows are
                scaled to a sum of 1.
            sample_weight: [B], for how many images each counts; None is 1.
        """
        del y_true
        p = self.rows(y_pred, self.num_classes)
        p = p / ops.sum(p, axis=1, keepdims=True)
        weights = self.weights(p, sample_weight)
        self.sum.assign_add(ops.matmul(weights, p))
        self.entropy.assign_add(ops.sum(weights * _entropy(p)))
        self.samples.assign_add(ops.sum(weights))

    def mean(self):
        """Return p*, the mean of the probabilities, [K]."""
        return share(self.sum, self.samples)

    def get_config(self):
        """Return the constructor's arguments."""
        return super().get_config() | {"num_classes": self.num_classes}


@keras.saving.register_keras_serializable(PACKAGE)
class InceptionScore(_ClassSums):
    """Inception Score of one split.

    Formula: exp(1/N sum_i KL(p(y|x_i) || p*)) = exp(H(p*) - 1/N sum_i H(p(y|x_i))), p* the mean of
    all p(y|x_i); at most K. 1 before the first sample.

    Args:
        num_classes: K.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: `num_classes` isn't a whole number of at least 1.

    Reference: Salimans et al., 2016; `metrics.inception_score` with `splits=1`.
    """

    def __init__(self, num_classes, name="inception_score", dtype="float64"):
        super().__init__(num_classes, name, dtype)

    def result(self):
        """Return the score so far."""
        return ops.exp(_entropy(self.mean()) - share(self.entropy, self.samples))


@keras.saving.register_keras_serializable(PACKAGE)
class ModeScore(_ClassSums):
    """Mode Score, an Inception Score that is to miss the classes that the data have.

    Formula, p* being the mean of all p(y|x_i):
        che2017: exp(1/N sum_i KL(p(y|x_i) || p_train) - KL(p* || p_train))
        xu2018:  exp(1/N sum_i KL(p(y|x_i) || p*) - KL(p* || p_train))
    1 before the first sample. che2017 is the Inception Score, whatever p_train.

    Args:
        train_shares: [K], p_train, above 0, of sum 1: the shares of the classes in the data.
        form: one of `FORMS`.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: the shares are no distribution, or the form is unknown.

    Reference: Che et al., 2017; Xu et al., 2018; `metrics.mode_score`.
    """

    def __init__(self, train_shares, form="xu2018", name="mode_score", dtype="float64"):
        super().__init__(len(train_shares), name, dtype)
        checks.one_of("form", form, FORMS)
        self.form = form
        self.train_shares = shares("train_shares", train_shares, self.num_classes)

    def result(self):
        """Return the score so far."""
        mean = self.mean()
        train = ops.cast(ops.convert_to_tensor(self.train_shares), self.dtype)
        cross = _entropy(mean) if self.form == "xu2018" else -ops.sum(mean * ops.log(train))
        missed = ops.sum(x_log_ratio(mean, train))
        return ops.exp(cross - share(self.entropy, self.samples) - missed)

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config() | {"form": self.form}
        del config["num_classes"]
        return config | {"train_shares": self.train_shares.tolist()}


def _entropy(p):
    """Return -sum_k p_k log p_k along the last axis."""
    return -ops.sum(x_log_ratio(p, ops.ones_like(p)), axis=-1)
