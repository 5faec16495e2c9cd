"""One optimizer per player, all on the clock of the training's steps."""

import keras

from keras_iidgan.training import schedules


def by_player(optimizer, repeats, half_precision):
    """Return `{player: optimizer}`.

    Args:
        optimizer: a Keras optimizer, copied for every player; a dict of one per player, taken as
            it is; or None for Adam(2e-4, beta_1=0.5).
        repeats: `{player: its updates in a training step}`. The schedule of a copy that moves
            several times in a step still counts steps.
        half_precision: whether copies have to scale the loss, as float16 needs it.

    Raises:
        ValueError: if a dict doesn't name exactly the players.
    """
    players = list(repeats)
    if isinstance(optimizer, dict):
        if set(optimizer) != set(players):
            raise ValueError(f"optimizers must name {players}; got {sorted(optimizer)}")
        return dict(optimizer)
    if optimizer is None:
        optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
    optimizer = keras.optimizers.get(optimizer)
    copies = {player: _copy(optimizer, count) for player, count in repeats.items()}
    if half_precision:
        return {p: keras.optimizers.LossScaleOptimizer(o) for p, o in copies.items()}
    return copies


def inner(optimizer):
    """Return the optimizer that holds rate and moments: a LossScaleOptimizer's inner one."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def schedule(optimizer):
    """Return an optimizer's learning-rate schedule, or None where its rate is a number."""
    rate = optimizer._learning_rate
    return rate if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule) else None


def _copy(optimizer, repeats):
    """Return an unbuilt optimizer of the same settings; a schedule is shared, not serialised."""
    config, shared = optimizer.get_config(), schedule(optimizer)
    if shared is not None:
        config["learning_rate"] = shared if repeats == 1 else schedules.Slowed(shared, repeats)
    return type(optimizer).from_config(config)
