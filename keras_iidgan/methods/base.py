"""The contract of every method: a tuple of turns, and one loss function per turn."""

import copy
from typing import ClassVar

import keras
import tensorflow as tf

from keras_iidgan import networks
from keras_iidgan.methods import signature_along_mro
from keras_iidgan.methods._face import Face
from keras_iidgan.training.turns import Batch, Turn, TurnTrainer

__all__ = ["Batch", "Method", "Turn"]


class Method(Face, TurnTrainer):
    """A generative model trained by turns.

    A subclass states `roles` (its networks), `turns`, and for each turn a method
    `<player>_loss(batch)` that returns a dict of named, already weighted scalar terms. The base
    owns the only `train_step`: it opens the tapes, sums the terms, updates exactly the networks
    that the turn declares, and logs each term as `<player>_<term>`.

    Args:
        data_shape: shape of one sample; read off the generator if that is given.
        latent_dim: M; read off the generator if that is given.
        architecture: which builder of `keras_iidgan.networks` makes the networks not given.
        ema: decay in [0, 1) of a moving average of the generator's weights; samples then come
            from the average. 0 keeps none.
        num_classes: K, for a method whose networks know the class of a sample; read off the
            generator if that is given. 0 for all others.
        seed: seed of the noise drawn in training. Noise is a function of the seed and the step
            alone, so a resumed run draws what the uninterrupted one drew.

    Raises:
        ValueError: if neither shapes nor a generator are given, `ema` is out of range, or a given
            network has outputs of another shape than its role needs.
    """

    roles = ("generator",)
    # Roles whose networks aren't the plain ones: {role: form of `networks`}.
    forms: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        *,
        data_shape=None,
        latent_dim=None,
        architecture="auto",
        ema=0.0,
        num_classes=0,
        seed=0,
        name=None,
        **given,
    ):
        super().__init__(name=name)
        if not 0 <= ema < 1:
            raise ValueError(f"ema must be in [0, 1); got {ema}")
        generator = given.get("generator")
        if generator is not None:
            data_shape, inputs = generator.output_shape[1:], generator.input_shape
            latent_dim = inputs[-1]
            if self.is_conditional:
                latent_dim, num_classes = (shape[-1] for shape in inputs)
        if data_shape is None or latent_dim is None:
            raise ValueError("data_shape and latent_dim are needed where no generator is given")
        if latent_dim < 1:
            raise ValueError(f"latent_dim must be at least 1; got {latent_dim}")
        if self.is_conditional and num_classes < 2:
            raise ValueError(f"num_classes must be at least 2; got {num_classes}")
        self.data_shape, self.latent_dim = tuple(data_shape), int(latent_dim)
        self.num_classes = int(num_classes) if self.is_conditional else 0
        self.architecture, self.ema, self.seed = architecture, float(ema), int(seed)
        for role in type(self).roles:
            self.add_network(role, given.get(role))
        self._add_state()
        self.optimizers = {}
        self.built = True

    def add_network(self, role, network=None):
        """Give the method the network of `role`: `network`, or one of its architecture."""
        if network is None:
            network = self.build_network(role)
        given, form = networks.output_shape(role, **self.network_sizes(role)), self.forms.get(role)
        if form:
            taken, given = networks.form_shapes(form, self.data_shape, self.latent_dim)
            _check_rows(f"{role} must take", network.input_shape, taken)
        _check_rows(f"{role} must give", network.output_shape, given)
        setattr(self, role, network)
        self.roles = (*(r for r in self.roles if r != role), role)

    def build_network(self, role):
        """Build the network of `role` in the method's architecture."""
        sizes = self.network_sizes(role)
        return networks.build(self.architecture, role, form=self.forms.get(role), **sizes)

    def network_sizes(self, role):
        """Return the sizes that `networks.build` takes, as this method's network of `role` has."""
        del role
        return {
            "data_shape": self.data_shape,
            "latent_dim": self.latent_dim,
            "num_classes": self.num_classes,
        }

    def _add_state(self):
        def state(name, shape, dtype):
            return self.add_weight(
                shape=shape,
                dtype=dtype,
                name=name,
                initializer="zeros",
                trainable=False,
                aggregation="only_first_replica",
            )

        self.step = state("step", (), "int64")
        self._averages = []
        if self.ema:
            weights = self.generator.weights
            self._averages = [
                state(f"average_{i}", w.shape, w.dtype) for i, w in enumerate(weights)
            ]
            for average, weight in zip(self._averages, weights, strict=True):
                average.assign(weight)
            self._averaged_generator = keras.models.clone_model(self.generator)

    def check_data(self, x):
        """Raise ValueError if the method can't learn such data, [N, *data_shape]; by default none.

        For whoever loads data: losses can't look at values.
        """

    def floors(self, batch_size):
        """Return `{logged term: value}` that perfect networks would reach at this batch size."""
        del batch_size
        return {}

    def after_turn(self, turn):
        """Move the generator's average after every turn that moved the generator."""
        if not self.ema or "generator" not in turn.updates:
            return
        # The warm-up keeps the random start out of the average.
        step = tf.cast(tf.convert_to_tensor(self.step), tf.float32)
        decay = tf.minimum(self.ema, (1 + step) / (10 + step))
        for average, weight in zip(self._averages, self.generator.weights, strict=True):
            average.assign(decay * average + (1 - decay) * tf.cast(weight, average.dtype))

    def get_config(self):
        """Return the constructor's arguments, networks included."""
        config = {name: getattr(self, name) for name in signature_along_mro(type(self))}
        for role in self.roles:
            config[role] = keras.saving.serialize_keras_object(getattr(self, role))
        return config | {"name": self.name}

    def compile_from_config(self, config):
        """Leave a loaded model uncompiled: it samples and inverts; to train it, compile it."""

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Build a method from `get_config()`'s dict, which stays as it is."""
        config = copy.deepcopy(config)  # Keras empties what it deserialises.
        built = {
            key: keras.saving.deserialize_keras_object(value, custom_objects=custom_objects)
            for key, value in config.items()
            if key in networks.ROLES and value is not None
        }
        return cls(**(config | built))

    def state(self):
        """Return `{name: variable}` of all that training changes: an exact resume needs no more."""
        named = {
            f"{r}/{i}": v for r in self.roles for i, v in enumerate(getattr(self, r).variables)
        }
        for player, optimizer in self.optimizers.items():
            named |= {f"optimizer.{player}/{i}": v for i, v in enumerate(optimizer.variables)}
        named |= {f"average/{i}": v for i, v in enumerate(self._averages)}
        return named | {"step": self.step}


def _check_rows(rule, shape, expected):
    """Refuse a network whose shape, or list of shapes, without the batch axis isn't `expected`."""
    found = [each[1:] for each in shape] if isinstance(shape, list) else shape[1:]
    if found != expected:
        raise ValueError(f"{rule} {expected} a row; got {found}")
