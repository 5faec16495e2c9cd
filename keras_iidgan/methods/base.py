"""The contract of every method: a tuple of turns, and one loss function per turn."""

import copy

import keras
import numpy as np
import tensorflow as tf

from keras_iidgan import networks
from keras_iidgan.methods import signature_along_mro
from keras_iidgan.methods._chunks import in_chunks
from keras_iidgan.training.turns import Batch, Turn, TurnTrainer

__all__ = ["Batch", "Method", "Turn"]


class Method(TurnTrainer):
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
        seed: seed of the noise drawn in training. Noise is a function of the seed and the step
            alone, so a resumed run draws what the uninterrupted one drew.

    Raises:
        ValueError: if neither shapes nor a generator are given, `ema` is out of range, or a given
            network has outputs of another shape than its role needs.
    """

    roles = ("generator",)

    def __init__(
        self,
        *,
        data_shape=None,
        latent_dim=None,
        architecture="auto",
        ema=0.0,
        seed=0,
        name=None,
        **given,
    ):
        super().__init__(name=name)
        if not 0 <= ema < 1:
            raise ValueError(f"ema must be in [0, 1); got {ema}")
        generator = given.get("generator")
        if generator is not None:
            data_shape, latent_dim = generator.output_shape[1:], generator.input_shape[-1]
        if data_shape is None or latent_dim is None:
            raise ValueError("data_shape and latent_dim are needed where no generator is given")
        if latent_dim < 1:
            raise ValueError(f"latent_dim must be at least 1; got {latent_dim}")
        self.data_shape, self.latent_dim = tuple(data_shape), int(latent_dim)
        self.architecture, self.ema, self.seed = architecture, float(ema), int(seed)
        for role in type(self).roles:
            self.add_network(role, given.get(role))
        self._add_state()
        self.optimizers = {}
        self.built = True

    def add_network(self, role, network=None):
        """Give the method the network of `role`: `network`, or one of its architecture."""
        if network is None:
            network = networks.build(
                self.architecture, role, data_shape=self.data_shape, latent_dim=self.latent_dim
            )
        expected = networks.output_shape(role, self.data_shape, self.latent_dim)
        if tuple(network.output_shape[1:]) != expected:
            raise ValueError(f"{role} must give {expected} a row; got {network.output_shape[1:]}")
        setattr(self, role, network)
        self.roles = (*(r for r in self.roles if r != role), role)

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

    # The public face: what callbacks, export, serving and users see of a method.

    def call(self, z):
        """Return `G(z)` [B, *data_shape] for `z` [B, M]."""
        return self.sampler(z)

    @property
    def sampler(self):
        """The network that samples come from: the generator, or its moving average."""
        if not self.ema:
            return self.generator
        for weight, average in zip(self._averaged_generator.weights, self._averages, strict=True):
            weight.assign(average)
        return self._averaged_generator

    @property
    def can_invert(self):
        """Whether the method has a network from x to z."""
        return "encoder" in self.roles

    def latents(self, num_samples, seed=0):
        """Draw `num_samples` codes from N(0, I): float32 array [num_samples, M]."""
        shape = [num_samples, self.latent_dim]
        return tf.random.stateless_normal(shape, [seed, 0]).numpy()

    def sample(self, num_samples, seed=0):
        """Draw samples: float32 array [num_samples, *data_shape], the same for the same seed."""
        return self.generate(self.latents(num_samples, seed))

    def sample_chunks(self, num_samples, seed=0):
        """Yield the rows of `sample(num_samples, seed)`, of which few then exist at a time."""
        yield from in_chunks(self.sampler, self.latents(num_samples, seed), self.data_shape)

    def generate(self, z):
        """Map codes [B, M] to samples: float32 array [B, *data_shape]."""
        return np.concatenate([*in_chunks(self.sampler, z, self.data_shape)])

    def invert(self, x):
        """Map samples [B, *data_shape] to codes: float32 array [B, M].

        Raises:
            TypeError: if the method has no encoder.
        """
        if not self.can_invert:
            raise TypeError(f"{type(self).__name__} has no encoder, so it cannot invert")
        return np.concatenate([*in_chunks(self.encoder, x, self.data_shape)])

    def floors(self, batch_size):
        """Return `{logged term: value}` that perfect networks would reach at this batch size."""
        del batch_size
        return {}

    # Training and saving.

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
