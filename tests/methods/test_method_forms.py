"""Methods with stochastic encoders or discriminators of pairs, through their public face."""

import keras
import numpy as np
import pytest

from keras_iidgan import export, methods, signatures

FORMS = {name: methods.get(name).forms for name in methods.names() if methods.get(name).forms}
PAIRS = sorted(name for name, forms in FORMS.items() if "discriminator" in forms)
STOCHASTIC = sorted(name for name, forms in FORMS.items() if "encoder" in forms)


def test_which_methods_they_are():
    assert {"bigan", "veegan"} <= set(PAIRS)
    assert {"vae", "vaegan", "vaegan_pixel"} <= set(STOCHASTIC)


@pytest.mark.parametrize("name", STOCHASTIC)
def test_the_code_of_a_sample_is_the_mean_everywhere(make_model, rows, name):
    model, x = make_model(name), rows(6)
    mean, _ = (np.asarray(part) for part in model.encoder(x))
    np.testing.assert_allclose(model.invert(x), mean, atol=1e-6)
    np.testing.assert_allclose(model.reconstruct(x), model.generate(mean), atol=1e-6)
    endpoints = signatures.endpoints(model)
    np.testing.assert_allclose(endpoints["invert"][0](x)["z"], mean, atol=1e-6)
    scores = endpoints["score"][0](x)
    np.testing.assert_allclose(scores["squared_norm"], (mean**2).sum(axis=1), rtol=1e-4)


@pytest.mark.parametrize("name", PAIRS)
def test_a_sample_is_scored_with_its_code(make_model, rows, name):
    model, x = make_model(name), rows(6)
    found = signatures.endpoints(model)["score"][0](x)["logit"]
    expected = model.discriminator([x, model.invert(x)])[:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["bigan", "vaegan"])
def test_the_export_passes_its_check(make_model, tmp_path, name):
    assert export.export(make_model(name), tmp_path).name == "1"


@pytest.mark.parametrize("name", ["vaegan", "bigan"])
@pytest.mark.parametrize("shape", [(8, 8, 1)])
def test_images(name, shape):
    keras.utils.set_random_seed(0)
    model = methods.create(name, data_shape=shape, latent_dim=4)
    model.compile(jit_compile=False)
    x = model.sample(6)
    logs = model.train_on_batch(x, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert model.invert(x).shape == (6, 4) and model.reconstruct(x).shape == x.shape


@pytest.mark.parametrize(
    ("name", "role", "given", "message"),
    [
        ("vae", "encoder", {}, r"encoder must give \[\(2,\), \(2,\)\] a row; got \(2,\)"),
        (
            "vae",
            "encoder",
            {"form": "gaussian", "latent_dim": 3},
            r"encoder must give \[\(2,\), \(2,\)\] a row; got \[\(3,\), \(3,\)\]",
        ),
        (
            "vaegan",
            "encoder",
            {"form": "gaussian", "data_shape": (4,)},
            r"encoder must take \(3,\) a row; got \(4,\)",
        ),
        (
            "bigan",
            "discriminator",
            {},
            r"discriminator must take \[\(3,\), \(2,\)\] a row; got \(3,\)",
        ),
        (
            "veegan",
            "discriminator",
            {"form": "joint", "latent_dim": 4},
            r"discriminator must take \[\(3,\), \(2,\)\] a row; got \[\(3,\), \(4,\)\]",
        ),
        ("gan", "discriminator", {"form": "gaussian"}, r"discriminator must give \(1,\) a row"),
    ],
)
def test_given_networks_of_another_shape_are_refused(small, name, role, given, message):
    with pytest.raises(ValueError, match=message):
        methods.get(name)(generator=small("generator"), **{role: small(role, **given)})


def test_vaegan_needs_a_discriminator_with_features(small):
    inputs = keras.Input((3,))
    plain = keras.layers.Rescaling(2.0)(inputs[:, :1])
    flat = keras.Model(inputs, plain, name="flat")
    with pytest.raises(ValueError, match="must have a layer with weights; flat has none"):
        methods.get("vaegan")(generator=small("generator"), discriminator=flat)
    methods.get("vaegan_pixel")(generator=small("generator"), discriminator=flat)
