"""The pictures of a report, drawn from a saved run and its diagnosis."""

from keras_iidgan import image_pictures, plots, point_pictures
from keras_iidgan.reporting.content import Picture

_GROUPS, _MEMBERS = 8, 12  # Lost groups of images, and members of each.
_AMOUNT = {
    "samples": {"count": 100},
    "classes": {"count": 1000, "columns": 16},
    "plane": {"size": 20},
    "traversals": {"dimensions": 8, "values": 9},
    "reconstructions": {"count": 24},
    "interpolation": {"pairs": 8, "steps": 8},
}
_CAPTIONS = {
    "samples": "Generated samples G(z), z drawn from N(0, I)",
    "classes": "Samples by the class that the classifier sees, with its share of all",
    "plane": "G over the plane of codes",
    "traversals": "G(z) as one dimension of z varies, a row for each dimension",
    "reconstructions": "Real images above their reconstructions G(F(x))",
    "interpolation": "From one real image to another through the codes between theirs",
    "latent": "Inverse codes F(x) of real points by mode, codes z by the mode of G(z), samples "
    "G(z), and the share of each mode",
    "densities": "Generated points beside real ones",
    "codes": "Codes F(x) of real data beside N(0, I): two dimensions, the squared radius, and the "
    "moments of each dimension",
}


def of_model(run, diagnosis, seed):
    """Return the `Picture`s of samples and codes.

    Args:
        run: a `SavedRun`.
        diagnosis: its `Diagnosis`.
        seed: of the samples.
    """
    figures = _figures(run, seed)
    if diagnosis.codes is not None:
        figures["codes"] = plots.codes_figure(diagnosis.codes)
    return tuple(Picture(name, _CAPTIONS[name], figure) for name, figure in figures.items())


def _figures(run, seed):
    if run.data.kind == "images":
        return image_pictures.draw(run.model, run.data, _AMOUNT, seed=seed)
    if point_pictures.can_draw(run.data):
        seen = point_pictures.snapshot(run.model, run.data, seed=seed)
        return {"latent": point_pictures.draw(seen, run.data)}
    samples = {"G(z)": run.model.sample(point_pictures.DENSE, seed)}
    figure = point_pictures.draw_samples(samples, run.data)
    return {} if figure is None else {"densities": figure}


def of_lost(data, diagnosis):
    """Return the `Picture`s of real members of lost groups beside their reconstructions.

    Args:
        data: the run's `Data`.
        diagnosis: its `Diagnosis`.
    """
    lost = {}
    for located in (diagnosis.coverage, diagnosis.reconstruction):
        for group in located.lost if located else ():
            lost.setdefault(group.name, group.members)
    if not lost:
        return ()
    if data.kind == "images":
        return tuple(_images(diagnosis, lost))
    return (_points(diagnosis, lost),) if data.shape == (2,) else ()


def _points(diagnosis, lost):
    more = f" and {len(lost) - _GROUPS} more" if len(lost) > _GROUPS else ""
    names = "; ".join(list(lost)[:_GROUPS]) + more
    caption = f"Lost real points, with lines to their G(F(x)): {names}"
    if diagnosis.rebuilt is None:
        caption = f"Lost real points: {names}"
    figure = plots.lost_figure(
        diagnosis.real, diagnosis.generated, lost, x_rebuilt=diagnosis.rebuilt
    )
    return Picture("lost", caption, figure)


def _images(diagnosis, lost):
    for number, (name, members) in enumerate(list(lost.items())[:_GROUPS]):
        x = diagnosis.real[members[:_MEMBERS]]
        if diagnosis.rebuilt is None:
            caption = f"Lost: {name}. Real images that no generated one comes near"
            figure = plots.samples_figure(x, columns=_MEMBERS)
        else:
            caption = f"Lost: {name}. Real images above their reconstructions G(F(x))"
            rebuilt = diagnosis.rebuilt[members[:_MEMBERS]]
            figure = plots.reconstructions_figure(x, rebuilt, columns=_MEMBERS, title="")
        yield Picture(f"lost-{number}", caption, figure)
