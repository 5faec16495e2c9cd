"""What the tests of methods, training and commands share: tiny networks and small batches."""

import importlib.util
import os

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

LOGICAL_DEVICES = 4


def pytest_collection_modifyitems(items):
    """Split the CPU into logical devices where a test needs them, before TensorFlow starts."""
    if any(item.get_closest_marker("replicas") for item in items):
        import tensorflow as tf

        cpu = tf.config.list_physical_devices("CPU")[0]
        parts = [tf.config.LogicalDeviceConfiguration()] * LOGICAL_DEVICES
        tf.config.set_logical_device_configuration(cpu, parts)


def pytest_terminal_summary(terminalreporter):
    """Say which tests can't run in this environment at all."""
    if importlib.util.find_spec("tfx") is None:
        terminalreporter.write_line(
            "tests/with_tfx was left out, without tfx: tests/with_tfx/run.sh ENV"
        )


@pytest.fixture(scope="session")
def small():
    """A builder of one-layer networks: `small(role, data_shape=(3,), latent_dim=2)`."""
    return _small


def _small(role, data_shape=(3,), latent_dim=2, units=8, form=None):
    import keras

    if form == "joint":
        pair = [keras.Input(data_shape), keras.Input((latent_dim,))]
        plain = _small(role, (data_shape[0] + latent_dim,), units=units)
        return keras.Model(pair, plain(keras.layers.Concatenate()(pair)), name=role)
    from_latent = role in ("generator", "latent_discriminator")
    inputs = keras.Input((latent_dim,) if from_latent else data_shape)
    outputs = {"generator": data_shape[0], "encoder": latent_dim}.get(role, 1)
    # Biases that aren't 0, so that a formula that forgets one is seen.
    hidden = keras.layers.Dense(units, "tanh", bias_initializer="random_normal")(inputs)
    heads = [keras.layers.Dense(outputs)(hidden) for _ in range(2 if form == "gaussian" else 1)]
    return keras.Model(inputs, heads if form == "gaussian" else heads[0], name=role)


@pytest.fixture(scope="session")
def make_model():
    """A maker of compiled methods with tiny networks, the same weights at every call.

    `make_model("iidgan", weights=1, optimizer=..., jit_compile=..., gaussian="w2")`.
    """
    return _make_model


def _make_model(name, *, weights=0, optimizer=None, run_eagerly=None, steps=1, jit=False, **values):
    import keras

    from keras_iidgan import methods

    keras.utils.set_random_seed(weights)
    roles, forms = list(methods.get(name).roles), methods.get(name).forms
    if values.get("gaussian") == "z_discriminator":
        roles.append("latent_discriminator")
    networks = {role: _small(role, form=forms.get(role)) for role in roles}
    model = methods.get(name)(**networks, **values)
    model.compile(
        optimizer or keras.optimizers.Adam(0.01, beta_1=0.5),
        jit_compile=jit,
        run_eagerly=run_eagerly,
        steps_per_execution=steps,
    )
    return model


@pytest.fixture(scope="session")
def rows():
    """A maker of data rows [N, d], of correlated coordinates and a mean that isn't 0."""

    def make(count, dimensions=3, seed=0):
        generator = np.random.default_rng(seed)
        mixing = generator.normal(size=(dimensions, dimensions))
        x = generator.normal(size=(count, dimensions)) @ mixing + 0.5
        return x.astype(np.float32)

    return make
