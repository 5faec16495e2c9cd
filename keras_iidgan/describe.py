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
        lines.append(
            f"{role}  {network.input_shape[1:]} -> {network.output_shape[1:]}, "
            f"{network.count_params():,} parameters"
        )
        lines += [f"  {layer.name} {tuple(layer.output.shape[1:])}" for layer in network.layers[1:]]
    turns = "; ".join(f"{t.player} updates {', '.join(t.updates)}" for t in model.turns)
    return "\n".join([*lines, f"turns  {turns}"])
