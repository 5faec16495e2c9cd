"""The flag `--optimizer`: one for all players, or one for each."""

import math

from keras_iidgan.cli import UsageError

NAMES = ("adam", "sgd")
_RULE = f"--optimizer must be {' or '.join(NAMES)}, or PLAYER:NAME[@RATE],..."


def parse(text):
    """Read the flag.

    Args:
        text: `NAME`, or `PLAYER:NAME,...`, where players that aren't named have Adam. A player's
            `NAME@RATE` has a learning rate of its own at step 0.

    Returns:
        The name for all others, and `{player: (name, rate or None)}`.

    Raises:
        UsageError: for a name of no optimizer, a rate that isn't above 0, or a player that is
            named twice.
    """
    if text in NAMES:
        return text, {}
    named = {}
    for part in text.split(","):
        player, _, choice = part.partition(":")
        name, at, rate = choice.partition("@")
        if name not in NAMES or not player or player in named:
            raise UsageError(f"{_RULE}; got {text!r}")
        named[player] = (name, _rate(rate, text) if at else None)
    return NAMES[0], named


def _rate(written, text):
    try:
        rate = float(written)
    except ValueError:
        rate = math.nan
    if not 0 < rate < math.inf:
        raise UsageError(f"{_RULE}, with a rate above 0; got {text!r}")
    return rate


def make(config, schedule, repeats):
    """Make what `compile` takes: an optimizer that all players copy, or one for each.

    A player with a rate of its own has the same schedule in proportion.

    Args:
        config: a `RunConfig`.
        schedule: function of a factor that returns the learning rate times it, a number or a
            schedule in training steps.
        repeats: `{player: its updates in a training step}`.

    Raises:
        UsageError: for a player that the method doesn't have.
    """
    import keras

    from keras_iidgan.training import optimizers

    def one(name, rate=None):
        learning_rate = schedule(rate / config.learning_rate if rate else 1.0)
        if name == "sgd":
            return keras.optimizers.SGD(learning_rate)
        return keras.optimizers.Adam(learning_rate, beta_1=config.beta_1, beta_2=config.beta_2)

    usual, named = parse(config.optimizer)
    for player in named:
        if player not in repeats:
            raise UsageError(
                f"--optimizer must be for players of {config.method}, {', '.join(repeats)}; "
                f"got {player!r}"
            )
    if not named:
        return one(usual)
    half = config.mixed_precision == "mixed_float16"
    made = {}
    for player, count in repeats.items():
        made |= optimizers.by_player(one(*named.get(player, (usual,))), {player: count}, half)
    return made
