"""What a dry run prints: the resolved configuration and the networks."""


def describe(run):
    """Return configuration, networks and sizes as text."""
    model = run.model
    lines = ["configuration", *(f"  {line}" for line in run.config.flag_lines())]
    data = run.data
    known = f"{data.num_modes} modes" if data.num_modes else f"{data.num_classes} classes"
    lines.append(f"data  {data.name} {data.train.shape}, {known}")
    lines.append(f"latent_dim  {model.latent_dim}")
    lines.append(
        f"steps per call  {model.steps_per_execution}, XLA {'on' if model.jit_compile else 'off'}"
    )
    for role in model.roles:
        network = getattr(model, role)
        shapes = f"{_shapes(network.input_shape)} -> {_shapes(network.output_shape)}"
        lines.append(f"{role}  {shapes}, {network.count_params():,} parameters")
        lines += [f"  {name} {shape}" for name, shape in _layers(network)]
    return "\n".join([*lines, f"turns  {'; '.join(map(_turn, model.turns))}"])


def _turn(turn):
    """Say what a turn updates, and how often in a step if more than once."""
    often = f", {turn.repeats} times a step" if turn.repeats > 1 else ""
    return f"{turn.player} updates {', '.join(turn.updates)}{often}"


def _shapes(shape):
    """Write the shape of a row, or the shapes of several."""
    if isinstance(shape, list):
        return ", ".join(map(_shapes, shape))
    return str(tuple(shape[1:]))


def _layers(network):
    """Name every layer that isn't an input, those of networks inside the network too."""
    for layer in network.layers:
        if hasattr(layer, "layers"):
            yield from _layers(layer)
        elif type(layer).__name__ != "InputLayer":
            yield layer.name, _shapes(layer.output.shape)
