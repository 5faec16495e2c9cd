"""The contract of every method: a tuple of turns, and one loss function per turn."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from keras_iidgan import networks
from keras_iidgan.training import loop, replicas
from keras_iidgan.methods import signature_along_mro

_CHUNK = 8192


@dataclasses.dataclass(frozen=True)
class Turn:
    """One player's move in a training step.

    Args:
        player: the loss is the method's `<player>_loss(batch)`.
        updates: roles of the networks that this turn updates, and no others.
    """

    player: str
    updates: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Batch:
    """What a loss function receives: real data `x` [B, *shape], and labels [B] or None."""

    x: tf.Tensor
    labels: tf.Tensor | None = None


class Method(keras.Model):
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
        ValueError: if neither shapes nor a generator are given, or `ema` is out of range.
    """

    roles = ("generator",)
    turns = ()

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
        self._trackers, self._draws, self.optimizers = {}, 0, {}
        self.built = True

    def add_network(self, role, network=None):
        """Give the method the network of `role`: `network`, or one of its architecture."""
        if network is None:
            network = networks.build(
                self.architecture, role, data_shape=self.data_shape, latent_dim=self.latent_dim
            )
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

    def generate(self, z):
        """Map codes [B, M] to samples: float32 array [B, *data_shape]."""
        return _in_chunks(self.sampler, z)

    def invert(self, x):
        """Map samples [B, *data_shape] to codes: float32 array [B, M].

        Raises:
            TypeError: if the method has no encoder.
        """
        if not self.can_invert:
            raise TypeError(f"{type(self).__name__} has no encoder, so it cannot invert")
        return _in_chunks(self.encoder, x)

    def floors(self, batch_size):
        """Return `{logged term: value}` that perfect networks would reach at this batch size."""
        del batch_size
        return {}

    # Training.

    def compile(self, optimizer=None, *, jit_compile="auto", steps_per_execution=1, **kwargs):
        """Configure training.

        Args:
            optimizer: a Keras optimizer, copied for every turn; or a dict of one per player.
                None is Adam(2e-4, beta_1=0.5).
            jit_compile: `"auto"` compiles with XLA unless a convolution would run on a CPU,
                where XLA is slower.
            steps_per_execution: steps per call; with XLA they run in one compiled loop.
            **kwargs: `run_eagerly`.

        Raises:
            ValueError: if a dict of optimizers doesn't name exactly the players.
        """
        if jit_compile == "auto":
            jit_compile = not kwargs.get("run_eagerly") and self._suits_xla()
        super().compile(
            optimizer=None,
            jit_compile=jit_compile,
            steps_per_execution=steps_per_execution,
            **kwargs,
        )
        self.optimizers = self._optimizers_by_player(optimizer)
        for turn in self.turns:
            self.optimizers[turn.player].build(self._variables_of(turn))

    def _suits_xla(self):
        convolutions = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
        layers = self._flatten_layers()
        has_gpu = bool(tf.config.list_logical_devices("GPU"))
        return has_gpu or not any(isinstance(layer, convolutions) for layer in layers)

    def _optimizers_by_player(self, optimizer):
        players = [turn.player for turn in self.turns]
        if isinstance(optimizer, dict):
            if set(optimizer) != set(players):
                raise ValueError(f"optimizers must name {players}; got {sorted(optimizer)}")
            return dict(optimizer)
        if optimizer is None:
            optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
        optimizer = keras.optimizers.get(optimizer)
        copies = {p: _copy(optimizer) for p in players}
        if self.dtype_policy.name == "mixed_float16":
            return {p: keras.optimizers.LossScaleOptimizer(o) for p, o in copies.items()}
        return copies

    def _variables_of(self, turn):
        return [v for role in turn.updates for v in getattr(self, role).trainable_variables]

    @property
    def metrics(self):
        """One running mean per logged term."""
        return list(self._trackers.values())

    def make_train_function(self, force=False):
        """Make Keras' train function, looped in XLA where many small steps go into one call."""
        if self.train_function is not None and not force:
            return
        self._make_trackers()
        super().make_train_function(force)
        one_replica = self.distribute_strategy.num_replicas_in_sync == 1
        if self.jit_compile and self.steps_per_execution > 1 and one_replica:
            self.train_function = loop.loop_train_function(self, self.train_function)

    def _make_trackers(self):
        """Learn the names of the terms by tracing the losses once, and make a mean for each."""
        names = []

        def trace():
            self._draws = 0
            batch = Batch(tf.zeros([2 * self.latent_dim + 2, *self.data_shape]))
            for turn in self.turns:
                names.extend(f"{turn.player}_{term}" for term in self.loss_of(turn, batch))

        strategy = self.distribute_strategy
        tf.function(lambda: strategy.run(trace)).get_concrete_function()
        with strategy.scope():
            self._trackers = {n: keras.metrics.Mean(name=n) for n in dict.fromkeys(names)}

    def loss_of(self, turn, batch):
        """Return the named terms of one turn's loss on a `Batch`."""
        return getattr(self, f"{turn.player}_loss")(batch)

    def train_step(self, data):
        """Take one step of every turn on `data`, x [B, *data_shape] or (x, labels [B])."""
        x, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        batch = Batch(x, labels)
        self._draws = 0
        for turn in self.turns:
            self._play(turn, batch)
            if self.ema and "generator" in turn.updates:
                self._update_averages()
        self.step.assign_add(1)
        return self.get_metrics_result()

    def _play(self, turn, batch):
        variables, optimizer = self._variables_of(turn), self.optimizers[turn.player]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([v.value for v in variables])
            terms = self.loss_of(turn, batch)
            # Optimizers sum gradients over replicas; every term is a mean over the global batch.
            loss = optimizer.scale_loss(tf.add_n(list(terms.values())) / replicas.count())
        optimizer.apply(tape.gradient(loss, variables), variables)
        for term, value in terms.items():
            self._trackers[f"{turn.player}_{term}"].update_state(value)

    def _update_averages(self):
        # The warm-up keeps the random start out of the average.
        step = tf.cast(self.step, tf.float32)
        decay = tf.minimum(self.ema, (1 + step) / (10 + step))
        for average, weight in zip(self._averages, self.generator.weights, strict=True):
            average.assign(decay * average + (1 - decay) * tf.cast(weight, average.dtype))

    def draw_latents(self, batch):
        """Draw fresh codes for a loss: [B, M] from N(0, I), a function of seed, step and call."""
        self._draws += 1
        seed = tf.stack([tf.constant(self.seed * 1009 + self._draws, tf.int64), self.step.value])
        return replicas.local_normal(
            [batch.x.shape[0] or tf.shape(batch.x)[0], self.latent_dim], seed
        )

    def relative_learning_rate(self, player):
        """Return the player's learning rate now, divided by its rate at step 0."""
        schedule = self.optimizers[player]._learning_rate
        if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
            return 1.0
        return tf.cast(schedule(self.step.value) / schedule(0), tf.float32)

    # Saving.

    def get_config(self):
        """Return the constructor's arguments, networks included."""
        config = {name: getattr(self, name) for name in signature_along_mro(type(self))}
        for role in self.roles:
            config[role] = keras.saving.serialize_keras_object(getattr(self, role))
        return config | {"name": self.name}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Build a method from `get_config()`'s dict."""
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


def _copy(optimizer):
    """Return an unbuilt optimizer of the same settings, sharing a schedule that isn't registered."""
    config = optimizer.get_config()
    if isinstance(optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        config["learning_rate"] = optimizer._learning_rate
    return type(optimizer).from_config(config)


def _in_chunks(network, rows):
    rows = np.asarray(rows, np.float32)
    chunks = [rows[i : i + _CHUNK] for i in range(0, max(len(rows), 1), _CHUNK)]
    return np.concatenate([np.asarray(network(chunk, training=False)) for chunk in chunks])
