"""The flag `--optimizer`: one for all players, or one for each."""

from keras_iidgan.cli import UsageError

NAMES = ("adam", "sgd")


def parse(text):
    """Read the flag.

    Args:
        text: `NAME`, or `PLAYER:NAME,...`, where players that aren't named have Adam.

    Returns:
        The name for all others, and `{player: name}`.

    Raises:
        UsageError: for a name of no optimizer, or a player that is named twice.
    """
    parts = text.split(",")
    named = {}
    for part in parts:
        player, colon, name = part.rpartition(":")
        is_alone = not colon and len(parts) == 1
        if name not in NAMES or not (is_alone or player) or player in named:
            raise UsageError(
                f"--optimizer must be {' or '.join(NAMES)}, or PLAYER:NAME,...; got {text!r}"
            )
        named[player] = name
    return named.pop("", NAMES[0]), named


def make(config, learning_rate, players):
    """Make what `compile` takes: an optimizer that all players copy, or one for each.

    Args:
        config: a `RunConfig`.
        learning_rate: a number or a schedule.
        players: names of the method's players.

    Raises:
        UsageError: for a player that the method doesn't have.
    """
    import keras

    def one(name):
        if name == "sgd":
            return keras.optimizers.SGD(learning_rate)
        return keras.optimizers.Adam(learning_rate, beta_1=config.beta_1, beta_2=config.beta_2)

    usual, named = parse(config.optimizer)
    for player in named:
        if player not in players:
            raise UsageError(
                f"--optimizer must be for players of {config.method}, {', '.join(players)}; "
                f"got {player!r}"
            )
    return {p: one(named.get(p, usual)) for p in players} if named else one(usual)
