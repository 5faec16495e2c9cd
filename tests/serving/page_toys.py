"""A server with a page and two untrained GANs, of digits of several classes and of points."""

import contextlib

import keras
import toys

from keras_iidgan import methods, signatures
from keras_iidgan.serving.auth import BearerAuth
from keras_iidgan.serving.loading.engine import SavedModel
from keras_iidgan.serving.page import Page
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.rest.app import RestApp

CLASSES = 4


def gans():
    """Make the models: `{name: Method}`."""
    keras.utils.set_random_seed(0)
    return {
        "digits": methods.create(
            "iid_cgan", data_shape=(8, 8, 1), latent_dim=3, num_classes=CLASSES
        ),
        "ring": methods.create("iidgan", data_shape=(2,), latent_dim=2),
    }


def write(model, path):
    """Write the signatures of an export; its check is for other tests."""
    archive = keras.export.ExportArchive()
    for network in signatures.networks(model):
        archive.track(network)
    for name, (function, _) in signatures.endpoints(model, refine_steps=3).items():
        function.get_concrete_function()
        archive.add_endpoint(name, function)
    archive.write_out(str(path), verbose=False)


def registry(folder):
    """Write the models into a folder, and load them."""
    models = Models()
    for name, model in gans().items():
        write(model, folder / name / "1")
        models.add(name, SavedModel(folder / name / "1"))
    return models


@contextlib.contextmanager
def serve(models, tokens=None):
    """Serve models with their page; yields the page's address."""
    application = page = Page(RestApp(models), models)
    if tokens:
        application = BearerAuth(page, tokens, page.public)
    with toys.serve(application) as port:
        yield f"http://127.0.0.1:{port}/"
