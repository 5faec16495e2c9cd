"""The commands, each a function (client, flags, operands)."""

import numpy as np

from keras_iidgan.cli import UsageError
from keras_iidgan.client_command import drawing, served
from keras_iidgan.client_command.printing import print_rows


def check_files(values):
    """Find out before anything is asked whether pictures have names that pictures have."""
    drawing.check("out", values.out)
    drawing.check("reconstruct", values.reconstruct)


def sample(client, values, _):
    """Draw samples of a row of seeds."""
    if not -(2**63) <= values.seed <= 2**63 - values.n:
        raise UsageError(f"--seed must fit 64 bits up to the last sample's; got {values.seed}")
    model = served.look(client)
    labels = served.labels(values, model, values.n)
    seeds = values.seed + np.arange(values.n)
    x, z = client.sample(seeds, return_z=True, labels=labels)
    columns = {"seed": seeds}
    if labels is not None:
        columns["label"] = np.broadcast_to(labels, seeds.shape)
    if model.is_of_points:
        columns["x"] = x
    if values.out:
        title = f"{client.model}, seeds {seeds[0]} to {seeds[-1]}"
        drawing.save("out", values.out, drawing.samples(model, x, title))
    _report(values, columns | {"z": z}, "out")


def invert(client, values, operands):
    """Find codes, improve them, and draw what G makes of them."""
    model = served.look(client)
    if values.reconstruct and not model.is_of_pictures:
        raise UsageError(
            "--reconstruct must be left out for a model that is not of pictures;"
            f" got {values.reconstruct}"
        )
    x = served.rows(model, operands)
    if values.refine:
        found = client.invert_refined(x)
    elif values.reconstruct:
        found = client.reconstruct(x)
    else:
        z, *label = (
            client.invert(x, return_labels=True) if model.num_classes else [client.invert(x)]
        )
        found = {"z": z} | ({"label": label[0]} if label else {})
    x_rec = found.pop("x", None)
    if values.reconstruct:
        figure = drawing.reconstructions(model, x, x_rec, f"{client.model}: x above G(z)")
        drawing.save("reconstruct", values.reconstruct, figure)
    order = [name for name in ("label", "z", "error_before", "error") if name in found]
    _report(values, {"name": operands} | {name: found[name] for name in order})


def interpolate(client, values, operands):
    """Go from one sample to another by the codes between theirs."""
    model = served.look(client)
    x0, x1 = np.split(served.rows(model, operands), 2)
    way = {name: found[0] for name, found in client.interpolate_images(x0, x1, values.k).items()}
    if values.out:
        title = f"{client.model}: from x to x' by G of the codes between"
        drawing.save("out", values.out, drawing.way(model, x0, way["x"], x1, title))
    if not model.is_of_points:
        way.pop("x")
    _report(values, {"t": np.linspace(0, 1, values.k)} | way, "out")


def score(client, values, operands):
    """Tell what the discriminator and the encoder say of samples."""
    model = served.look(client)
    x = served.rows(model, operands)
    labels = values.label
    if labels is None and model.num_classes:
        _, labels = client.invert(x, return_labels=True)
    elif labels is not None or model.num_classes is None:
        labels = served.labels(values, model, len(x))
    columns = {"name": operands}
    if labels is not None:
        columns["label"] = np.broadcast_to(labels, len(x))
    _report(values, columns | client.score(x, labels=labels))


def status(client, values, _):
    """List the versions of the model."""
    rows = [
        {"version": each["version"], "state": each["state"], **each["status"]}
        for each in client.status()
    ]
    print_rows(rows, values.format)


def signatures(client, values, _):
    """List what can be called."""
    rows = [
        {"name": name, "inputs": _specs(found.inputs), "outputs": _specs(found.outputs)}
        for name, found in sorted(client.signatures().items())
    ]
    print_rows(rows, values.format)


def _specs(specs):
    return {alias: f"{spec.dtype} {_shape(spec.shape)}" for alias, spec in sorted(specs.items())}


def _shape(shape):
    if shape is None:
        return "[...]"
    return "[" + ", ".join("N" if size is None else str(size) for size in shape) + "]"


def _report(values, columns, drawn=None):
    """Print columns row by row; in text, the picture that was drawn of them says enough."""
    if drawn and values.format == "text" and getattr(values, drawn):
        print(getattr(values, drawn))
        return
    count = len(next(iter(columns.values())))
    print_rows([{k: v[i] for k, v in columns.items()} for i in range(count)], values.format)
