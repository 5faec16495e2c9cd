"""The one `train_step` of all methods: turns, their tapes, optimizers and logged terms."""

import keras
import tensorflow as tf

from keras_iidgan.training import batch as batches
from keras_iidgan.training import loop, optimizers, replicas
from keras_iidgan.training.batch import Batch, Turn
from keras_iidgan.training.first_bad import FirstBad

__all__ = ["Batch", "Turn", "TurnTrainer"]


class TurnTrainer(keras.Model):
    """A Keras model that trains by turns; the base of `methods.base.Method`.

    A subclass has `turns`, a network as the attribute of every role that they update, for each
    turn a method `<player>_loss(batch)` that returns a dict of named, weighted scalar terms, and
    the attributes `data_shape`, `latent_dim`, `seed` and `step`. `pack` is the number of rows that
    its discriminator judges as one.

    From `fit` on, `first_bad` is a `FirstBad`, which remembers the first term that wasn't finite.
    """

    turns = ()
    is_conditional = False
    pack = 1

    def compile(self, optimizer=None, *, jit_compile="auto", steps_per_execution=1, **kwargs):
        """Configure training.

        Args:
            optimizer: a Keras optimizer, copied for every turn, its schedule counting steps; or a
                dict of one per player, each counting its own updates, which are several in the step
                of a turn that repeats. None is Adam(2e-4, beta_1=0.5).
            jit_compile: `"auto"` compiles with XLA unless a convolution would run on a CPU,
                where XLA is slower, or several replicas train together.
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
        self._trackers = {}
        half = self.dtype_policy.name == "mixed_float16"
        self.optimizers = optimizers.by_player(optimizer, self._repeats(), half)
        for turn in self.turns:
            self.optimizers[turn.player].build(self._variables_of(turn))

    def _suits_xla(self):
        if self.distribute_strategy.num_replicas_in_sync > 1:
            return False  # Sums across replicas inside a step are not for XLA.
        convolutions = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
        has_gpu = bool(tf.config.list_logical_devices("GPU"))
        return has_gpu or not any(isinstance(x, convolutions) for x in self._flatten_layers())

    def _repeats(self):
        return {turn.player: turn.repeats for turn in self.turns}

    @property
    def batches_per_step(self):
        """How many batches one step takes: as many as its most repeated turn has repetitions."""
        return max(self._repeats().values())

    def _variables_of(self, turn):
        return [v for role in turn.updates for v in getattr(self, role).trainable_variables]

    @property
    def metrics(self):
        """One running mean per logged term."""
        return list(getattr(self, "_trackers", {}).values())

    def make_train_function(self, force=False):
        """Make Keras' train function, looped in XLA where many small steps go into one call."""
        if self.train_function is not None and not force:
            return
        self._make_trackers()
        super().make_train_function(force)
        if self.steps_per_execution > 1:
            if self.distribute_strategy.num_replicas_in_sync > 1:
                self.train_function = loop.repeat_train_function(self, self.train_function)
            elif self.jit_compile:
                self.train_function = loop.loop_train_function(self, self.train_function)
        if self.batches_per_step * self.pack > 1:
            self.train_function = batches.checking_rows(self, self.train_function)

    def _make_trackers(self):
        """Learn the names of the terms by tracing the losses once, and make a mean for each."""
        names = []

        def trace():
            rows = [self.pack * (2 * self.latent_dim + 3)]
            labels = tf.zeros(rows, tf.int32) if self.is_conditional else None
            batch = Batch(tf.zeros([*rows, *self.data_shape]), labels)
            for turn in self.turns:
                names.extend(f"{turn.player}_{term}" for term in self.loss_of(turn, batch))

        strategy = self.distribute_strategy
        tf.function(lambda: strategy.run(trace)).get_concrete_function()
        with strategy.scope():
            self._trackers = {n: keras.metrics.Mean(name=n) for n in dict.fromkeys(names)}
            self.first_bad = FirstBad(self._trackers)

    def loss_of(self, turn, batch):
        """Return the named terms of one turn's loss on a `Batch`."""
        return getattr(self, f"{turn.player}_loss")(batch)

    def train_step(self, data):
        """Take one step: every turn, as often as it is repeated, each time on its own batch.

        Args:
            data: x [N, *data_shape] or (x, labels [N]), with N = `batches_per_step` * B rows. A
                turn of fewer repetitions plays on the last batches.
        """
        x, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        x, count = tf.convert_to_tensor(x), self.batches_per_step
        parts, terms = batches.split(x, labels, count, self.pack), {}
        for turn in self.turns:
            played = []
            for batch in parts[count - turn.repeats :]:
                played.append(self._play(turn, batch))
                self.after_turn(turn)
            terms |= _means(played)
        self.step.assign_add(1)
        for name, value in terms.items():
            self._trackers[name].update_state(value)
        self.first_bad.update(terms, self.step)
        results = self.get_metrics_result()
        if isinstance(self.distribute_strategy, tf.distribute.MultiWorkerMirroredStrategy):
            # Keras averages over workers along the first axis, which a scalar doesn't have.
            return {name: tf.reshape(value, [1]) for name, value in results.items()}
        return results

    def _play(self, turn, batch):
        """Update the networks of a turn; return its terms by the names that are logged."""
        variables, optimizer = self._variables_of(turn), self.optimizers[turn.player]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([v.value for v in variables])
            terms = self.loss_of(turn, batch)
            # Optimizers sum gradients over replicas; every term is a mean over the global batch.
            loss = optimizer.scale_loss(tf.add_n(list(terms.values())) / replicas.count())
        optimizer.apply(tape.gradient(loss, variables), variables)
        return {f"{turn.player}_{term}": value for term, value in terms.items()}

    def after_turn(self, turn):
        """Do what has to follow a turn inside the step; nothing by default."""

    def draw_latents(self, batch):
        """Draw fresh codes for a loss: [B, M] from N(0, I), a function of seed, step and call."""
        return self.draw_normal(batch, [self.latent_dim])

    def draw_normal(self, batch, shape):
        """Draw N(0, 1) for a loss: [B, *shape], a function of seed, step and call."""
        return replicas.local_normal(*self._rows_and_seed(batch, shape))

    def draw_uniform(self, batch, shape):
        """Draw from [0, 1) for a loss: [B, *shape], a function of seed, step and call."""
        return replicas.local_uniform(*self._rows_and_seed(batch, shape))

    def draw_shared(self, batch, shape):
        """Draw N(0, 1) of `shape` for a loss: one draw for the whole batch and all replicas."""
        return replicas.shared_normal(shape, self._next_seed(batch))

    def _rows_and_seed(self, batch, shape):
        rows = batch.x.shape[0] or tf.shape(batch.x)[0]
        return [rows, *shape], self._next_seed(batch)

    def _next_seed(self, batch):
        first = tf.constant(self.seed * 1009 + next(batch.draws), tf.int64)
        return tf.stack([first, tf.convert_to_tensor(self.step)])

    def relative_learning_rate(self, player):
        """Return the player's learning rate now, divided by its rate at step 0."""
        # Under mixed_float16 a LossScaleOptimizer, whose own rate means nothing, holds it.
        schedule = optimizers.schedule(optimizers.inner(self.optimizers[player]))
        if schedule is None:
            return 1.0
        updates = tf.convert_to_tensor(self.step) * self._repeats()[player]
        return tf.cast(schedule(updates) / schedule(0), tf.float32)


def _means(played):
    """Average the terms of a turn's repetitions, a list of `{term: scalar}`."""
    if len(played) == 1:
        return played[0]
    return {name: tf.add_n([terms[name] for terms in played]) / len(played) for name in played[0]}
