"""The public face of every method: samples, codes, moving average, what is refused."""

import keras
import numpy as np
import pytest

from keras_iidgan import GAN, IIDGAN, methods


def test_samples_are_a_function_of_the_seed(make_model):
    model = make_model("gan")
    one = model.sample(10, seed=3)
    assert one.shape == (10, 3) and one.dtype == np.float32
    np.testing.assert_array_equal(one, model.sample(10, seed=3))
    assert not np.isclose(one, model.sample(10, seed=4)).any()
    np.testing.assert_array_equal(one, model.generate(model.latents(10, seed=3)))
    np.testing.assert_allclose(one, model(model.latents(10, seed=3)), atol=1e-6)


def test_latents_are_standard_normal(make_model):
    z = make_model("gan").latents(20_000, seed=0)
    assert z.shape == (20_000, 2)
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(z.T), np.eye(2), atol=0.04)


def test_many_rows_are_mapped_in_chunks_without_a_difference(make_model, monkeypatch):
    model = make_model("iidgan")
    z = model.latents(50, seed=0)
    whole, codes = model.generate(z), model.invert(model.generate(z))
    monkeypatch.setattr("keras_iidgan.methods._face.CHUNK", 7)
    np.testing.assert_allclose(model.generate(z), whole, atol=1e-6)
    np.testing.assert_allclose(model.invert(whole), codes, atol=1e-6)
    np.testing.assert_allclose(np.concatenate([*model.sample_chunks(50)]), whole, atol=1e-6)
    assert model.generate(z[:0]).shape == (0, 3)


def test_large_samples_are_mapped_fewer_at_a_time():
    def chunk(*shape):
        return methods.create("gan", data_shape=shape, latent_dim=2, architecture="mlp").chunk

    assert chunk(2) > 1000  # Points go through at once: a call costs more than their memory.
    assert chunk(32, 32, 3) > 64  # Enough to keep convolutions busy.
    for side in (32, 300):
        values = chunk(side, side, 3) * 3 * side**2
        assert values <= max(2**20, 3 * side**2)  # 4 MiB of samples, or one sample.


def test_a_method_without_an_encoder_cannot_invert(make_model, rows):
    model = make_model("gan")
    assert not model.can_invert
    with pytest.raises(TypeError, match="GAN has no encoder, so it cannot invert"):
        model.invert(rows(3))


def test_shapes_are_read_off_a_given_generator(small):
    model = GAN(generator=small("generator", (5,), latent_dim=4), data_shape=(2,), latent_dim=9)
    assert (model.data_shape, model.latent_dim) == ((5,), 4)
    assert model.discriminator.input_shape == (None, 5)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "data_shape and latent_dim are needed where no generator is given"),
        ({"data_shape": (2,)}, "data_shape and latent_dim are needed"),
        ({"data_shape": (2,), "latent_dim": 0}, "latent_dim must be at least 1; got 0"),
        ({"data_shape": (2,), "latent_dim": 2, "ema": 1.0}, r"ema must be in \[0, 1\); got 1.0"),
        ({"data_shape": (2,), "latent_dim": 2, "ema": -0.1}, r"ema must be in \[0, 1\); got -0.1"),
        (
            {"data_shape": (2,), "latent_dim": 2, "adversarial": "hinge"},
            "adversarial must be one of non_saturating, saturating; got 'hinge'",
        ),
    ],
)
def test_refusals(values, message):
    with pytest.raises(ValueError, match=message):
        GAN(**values)


def test_the_moving_average_follows_its_formula(make_model, rows):
    model = make_model("gan", ema=0.5, run_eagerly=True)
    average = [w.numpy() for w in model.generator.weights]
    for step in range(6):
        model.train_on_batch(rows(8, seed=step))
        decay = min(0.5, (1 + step) / (10 + step))
        average = [
            decay * old + (1 - decay) * w.numpy()
            for old, w in zip(average, model.generator.weights, strict=True)
        ]
    for expected, found in zip(average, model.sampler.weights, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    z = model.latents(4)
    assert np.abs(model.generate(z) - np.asarray(model.generator(z))).max() > 1e-4


def test_without_an_average_samples_come_from_the_generator(make_model):
    model = make_model("gan")
    assert model.sampler is model.generator


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_trains_with_float32_terms(rows, policy):
    keras.config.set_dtype_policy(policy)
    try:
        keras.utils.set_random_seed(0)
        model = IIDGAN(data_shape=(2,), latent_dim=2, ema=0.5)
        model.compile(run_eagerly=True)
        before = [w.numpy() for w in model.encoder.weights]
        logs = model.train_on_batch(rows(16, dimensions=2), return_dict=True)
        assert np.isfinite(list(logs.values())).all()
        assert all(v.dtype != "float16" for v in model.state().values())
        moved = [(a != b.numpy()).any() for a, b in zip(before, model.encoder.weights, strict=True)]
        assert all(moved)
        assert model.sample(3).dtype == np.float32
        scales = [isinstance(o, keras.optimizers.LossScaleOptimizer) for o in optimizers(model)]
        assert set(scales) == {policy == "mixed_float16"}
    finally:
        keras.config.set_dtype_policy("float32")


def optimizers(model):
    return list(model.optimizers.values())


def test_hparams_are_what_hparam_can_set():
    known = {"adversarial": "non_saturating", "instance_noise": 0.0}
    assert methods.hparams("gan") == known
    assert methods.hparams("invertgan")["cycle_norm"] == "l2"
    for name in methods.names():
        taken = {"data_shape", "latent_dim", "architecture", "ema", "seed", "generator", "encoder"}
        assert not taken & set(methods.hparams(name))
