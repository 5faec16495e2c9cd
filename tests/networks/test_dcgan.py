"""The networks of tables 9 to 11 of IID-GAN, at the printed size and at others."""

import keras
import numpy as np
import printed
import pytest
import tensorflow as tf

from keras_iidgan import IIDGAN, networks
from keras_iidgan.networks import dcgan

LEAKY = "leaky 0.3"
# IID-GAN, tables 9 (F), 10 (G) and 11 (D): layer, output size, activation, BN; "Flatten" left out.
TABLES = {
    "encoder": [
        ("Conv2D", (16, 16, 3), "relu", True),
        ("Conv2D", (8, 8, 64), "relu", True),
        ("Conv2D", (8, 8, 128), "relu", True),
        ("Dense", (100,), "linear", False),
    ],
    "generator": [
        ("Dense", (16384,), "relu", True),
        ("Conv2DTranspose", (8, 8, 128), "relu", True),
        ("Conv2DTranspose", (16, 16, 64), "relu", True),
        ("Conv2DTranspose", (32, 32, 3), "tanh", False),  # BN is printed as "EXes 1".
    ],
    "discriminator": [
        ("Conv2D", (16, 16, 64), LEAKY, False),
        ("Conv2D", (8, 8, 128), LEAKY, True),
        ("Conv2D", (4, 4, 256), LEAKY, True),
        ("Dense", (1,), "linear", False),
    ],
}


def build(role, shape, latent_dim=5):
    return networks.build("dcgan", role, data_shape=shape, latent_dim=latent_dim)


@pytest.mark.parametrize("role", TABLES)
def test_the_printed_tables(role):
    network = build(role, (32, 32, 3), dcgan.LATENT_DIM)
    assert printed.rows(network) == TABLES[role]
    inputs, channels = (100, 256) if role == "generator" else (32 * 32 * 3, 3)
    bias = role == "discriminator"
    expected = printed.parameters(TABLES[role], inputs, channels, kernel=5, bias=bias)
    assert network.count_params() == expected
    assert network.name == role


def test_batch_norm_follows_the_activation():
    up, down = ["Conv2DTranspose", "BatchNormalization"], ["Conv2D", "BatchNormalization"]
    activated = ["Conv2D", "LeakyReLU", "BatchNormalization"]
    assert {role: printed.kinds(build(role, (32, 32, 3))) for role in TABLES} == {
        "generator": ["Dense", "BatchNormalization", "Reshape", *up, *up, "Conv2DTranspose"],
        "encoder": [*down, *down, *down, "Flatten", "Dense"],
        "discriminator": ["Conv2D", "LeakyReLU", *activated, *activated, "Flatten", "Dense"],
    }


# Side of the image: the sides and channels of each role's maps, from its input to its output.
SIZES = {
    28: {
        "generator": [(7, 128), (14, 64), (28, None)],
        "discriminator": [(14, 64), (7, 128), (4, 256)],
        "encoder": [(14, 3), (7, 64), (7, 128)],
    },
    48: {
        "generator": [(6, 256), (12, 128), (24, 64), (48, None)],
        "discriminator": [(24, 64), (12, 128), (6, 256), (3, 512)],
        "encoder": [(24, 3), (12, 64), (6, 128), (6, 256)],
    },
    64: {
        "generator": [(8, 256), (16, 128), (32, 64), (64, None)],
        "discriminator": [(32, 64), (16, 128), (8, 256), (4, 512)],
        "encoder": [(32, 3), (16, 64), (8, 128), (8, 256)],
    },
}


@pytest.mark.parametrize("role", TABLES)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", SIZES)
def test_other_sizes(side, channels, role):
    network = build(role, (side, side, channels))
    maps = [shape for _, shape, *_ in printed.rows(network) if len(shape) == 3]
    assert maps == [(n, n, width or channels) for n, width in SIZES[side][role]]
    inputs = np.random.default_rng(0).normal(size=(2, *network.input_shape[1:])) * 9
    outputs = np.asarray(network(inputs, training=False))
    assert outputs.shape == (2, *network.output_shape[1:])
    if role == "generator":
        assert np.abs(outputs).max() <= 1  # Pixels.


@pytest.mark.parametrize("side", dcgan.SIDES)
def test_every_size_that_is_offered_starts_from_at_most_8(side):
    generator = build("generator", (side, side, 1), latent_dim=1)
    assert generator.output_shape == (None, side, side, 1)
    (start,) = (x.target_shape[0] for x in generator.layers if isinstance(x, keras.layers.Reshape))
    assert start <= 8 and (start > 4 or side <= 16)


@pytest.mark.parametrize("shape", [(30, 30, 1), (28, 32, 1), (4, 4, 1), (132, 132, 3), (28, 28)])
def test_other_shapes_are_refused_with_those_that_can_be_made(shape):
    with pytest.raises(ValueError, match="architecture dcgan needs data of shape") as caught:
        build("encoder", shape)
    message = str(caught.value)
    assert "n = 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112 or 128; got" in message
    assert message.endswith(str(shape))


def normalizers(network):
    return [x for x in network.layers if isinstance(x, keras.layers.BatchNormalization)]


def moving(network):
    """Copies of the moving means and variances of a network."""
    return [v.numpy() for v in network.non_trainable_variables]


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    model = IIDGAN(data_shape=(28, 28, 1), latent_dim=2, seed=3)
    model.compile(keras.optimizers.Adam(1e-4, beta_1=0.5), run_eagerly=True)
    return model


@pytest.fixture
def images():
    return np.tanh(np.random.default_rng(0).normal(size=(8, 28, 28, 1))).astype(np.float32)


def test_a_step_of_iidgan_updates_all_moving_statistics(model, images):
    assert model.discriminator.layers[1].kernel_size == (5, 5)  # `auto` has chosen dcgan.
    roles = ("generator", "discriminator", "encoder")
    before = {role: moving(getattr(model, role)) for role in roles}
    logs = model.train_on_batch(images, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    for role, count in zip(roles, (6, 4, 6), strict=True):
        after = moving(getattr(model, role))
        assert len(after) == count
        assert all((a != b).any() for a, b in zip(before[role], after, strict=True)), role


def test_samples_and_codes_come_from_the_moving_statistics(model, images):
    model.train_on_batch(images)
    before = moving(model.generator) + moving(model.encoder)
    z = model.latents(6)
    samples, codes = model.generate(z), model.invert(images)
    np.testing.assert_array_equal(samples, model.sample(6))
    # With the moving statistics a row depends on itself alone; with its batch's it doesn't.
    np.testing.assert_allclose(model.generate(z[:1]), samples[:1], atol=1e-5)
    np.testing.assert_allclose(model.invert(images[:1]), codes[:1], atol=1e-5)
    after = moving(model.generator) + moving(model.encoder)
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    in_training = np.asarray(model.generator(z, training=True))
    assert np.abs(in_training - samples).max() > 0.01


def test_in_training_the_encoder_couples_the_codes_of_a_batch(model, images):
    """The trap that the docstring names: the paper's F has BatchNorm."""
    together = np.asarray(model.encoder(images, training=True))
    alone = np.asarray(model.encoder(images[:4], training=True))
    assert np.abs(together[:4] - alone).max() > 0.01


def test_the_discriminator_normalizes_real_and_generated_batches_apart(model, images):
    z = np.random.default_rng(1).normal(size=(8, 2)).astype(np.float32)
    model.draw_latents = lambda batch: z
    x_fake = np.asarray(model.generator(z, training=True))
    first = normalizers(model.discriminator)[0]
    features = keras.Model(model.discriminator.input, first.input)
    real, fake = (np.asarray(features(x)).reshape(-1, 128) for x in (images, x_fake))
    model.turns = model.turns[:1]  # D's alone, so that each kind is seen once.
    model.compile(keras.optimizers.SGD(0.0), run_eagerly=True)
    model.train_on_batch(images)
    for weight, statistic, start in (
        (first.moving_mean, np.mean, 0.0),
        (first.moving_variance, np.var, 1.0),
    ):
        expected = 0.99 * (0.99 * start + 0.01 * statistic(real, axis=0))
        expected += 0.01 * statistic(fake, axis=0)
        np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.replicas
@pytest.mark.parametrize("role", ["discriminator", "encoder"])
def test_replicas_normalize_by_the_global_batch(role):
    images = np.random.default_rng(0).normal(size=(8, 8, 8, 1)).astype(np.float32)
    one_device = tf.distribute.ReductionToOneDevice()
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"], one_device)
    single = build(role, (8, 8, 1))
    with strategy.scope():
        spread = build(role, (8, 8, 1))
    spread.set_weights(single.get_weights())
    parts = strategy.experimental_distribute_values_from_function(
        lambda context: images[4 * context.replica_id_in_sync_group :][:4]
    )
    outputs = strategy.run(lambda x: spread(x, training=True), [parts])
    found = np.concatenate(strategy.experimental_local_results(outputs))
    np.testing.assert_allclose(found, single(images, training=True), rtol=1e-3, atol=1e-4)
    for one, other in zip(moving(single), moving(spread), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
