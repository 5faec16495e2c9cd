"""The features of a network: what its last layer with weights sees, in any architecture."""

import keras
import numpy as np
import pytest

from keras_iidgan import networks
from keras_iidgan.networks import _features


@pytest.mark.parametrize(
    ("architecture", "shape"),
    [("mlp", (3,)), ("conv8", (8, 8, 1)), ("dcgan", (8, 8, 1)), ("resnet", (16, 16, 1))],
)
def test_the_last_layer_of_any_discriminator_makes_its_logit_of_the_features(architecture, shape):
    sizes = {"data_shape": shape, "latent_dim": 2}
    network = networks.build(architecture, "discriminator", **sizes)
    x = np.random.default_rng(0).normal(size=(5, *shape)).astype(np.float32)
    features, logits = networks.featured(network)(x)
    np.testing.assert_allclose(logits, network(x), rtol=1e-6)
    assert features.shape.rank == 2 and features.shape[0] == 5
    kernel, bias = network.layers[-1].get_weights()
    np.testing.assert_allclose(features @ kernel + bias, logits, rtol=1e-4, atol=1e-5)


def test_of_a_conditional_network_they_are_seen_inside_the_network_that_it_is_made_of():
    network = networks.build("mlp", "discriminator", data_shape=(3,), latent_dim=2, num_classes=4)
    x, c = np.ones((5, 3), np.float32), np.eye(4, dtype=np.float32)[[0, 1, 2, 3, 0]]
    features, logits = networks.featured(network)([x, c])
    np.testing.assert_allclose(logits, network([x, c]), rtol=1e-6)
    assert features.shape == (5, 100)


def test_a_sequential_model_has_them_too():
    layers = [keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)]
    assert networks.featured(keras.Sequential(layers))(np.ones((2, 3)))[0].shape == (2, 4)


def test_layers_without_weights_after_the_last_one_are_passed_over():
    x = keras.Input((4, 4, 2))
    h = keras.layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    maps = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(1, 3, padding="same")(h))
    network = keras.Model(x, keras.layers.Rescaling(2.0)(maps))
    features, _ = networks.featured(network)(np.ones((2, 4, 4, 2), np.float32))
    assert features.shape == (2, 4 * 4 * 3)


def test_features_alone_have_no_weights_that_nothing_needs():
    network = networks.build("mlp", "discriminator", data_shape=(3,), latent_dim=2)
    alone = _features.without_last_weights(network)
    x = np.ones((2, 3), np.float32)
    np.testing.assert_array_equal(alone(x), networks.featured(network)(x)[0])
    assert len(network.weights) - len(alone.weights) == 2  # The last kernel and bias.


def test_weights_are_the_networks_own():
    network = networks.build("mlp", "discriminator", data_shape=(3,), latent_dim=2)
    seen = networks.featured(network)
    x = np.ones((2, 3), np.float32)
    before = seen(x)[0]
    network.set_weights([2 * w for w in network.get_weights()])
    assert np.abs(seen(x)[0] - before).max() > 1e-3


def test_networks_without_a_last_layer_are_refused():
    x = keras.Input((3,))
    with pytest.raises(ValueError, match="network must have a layer with weights; plain has none"):
        networks.featured(keras.Model(x, keras.layers.Rescaling(2.0)(x), name="plain"))
    with pytest.raises(ValueError, match="network must be a functional Keras model; got Dense"):
        networks.featured(keras.layers.Dense(1))
    both = keras.layers.Add()([keras.layers.Dense(1)(x), keras.layers.Dense(1)(x)])
    with pytest.raises(ValueError, match=r"network must end in layers of one input; .* has 2"):
        networks.featured(keras.Model(x, both))
