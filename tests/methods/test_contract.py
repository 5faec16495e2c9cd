"""What holds for every method; a new one is covered by being in the folder."""

import inspect
import re

import keras
import numpy as np
import pytest

from keras_iidgan import methods, signatures
from keras_iidgan.training import checkpoints

every_method = pytest.mark.parametrize("name", methods.names())


CLASSES = 3


def create(name, **values):
    return methods.create(name, data_shape=(2,), num_classes=CLASSES, **values)


# What a method repeats within a step is repeated twice here, to save time.
REPEATS = {"critic_steps": 2, "unroll_steps": 2}


def build(name, *, seed=0, **values):
    """A compiled method on 2-D data, its networks those of its architecture."""
    keras.utils.set_random_seed(seed)
    fewer = {key: value for key, value in REPEATS.items() if key in methods.hparams(name)}
    model = create(name, latent_dim=2, seed=7, **(fewer | values))
    model.compile(keras.optimizers.Adam(0.01, beta_1=0.5), jit_compile=False, run_eagerly=True)
    return model


def train(model, rows, steps=1):
    """Take steps on batches that depend on the step, as the pipeline's do."""
    count = 16 * model.batches_per_step * model.pack
    for _ in range(steps):
        x = rows(count, dimensions=2, seed=int(model.step.numpy()))
        labels = np.arange(count, dtype=np.int32) % CLASSES if model.is_conditional else None
        logs = model.train_on_batch(x, labels, return_dict=True)
    return logs


def weights(model):
    """A copy of every network's weights: {role: [arrays]}."""
    return {role: [v.numpy() for v in getattr(model, role).weights] for role in model.roles}


def moved(before, after):
    """The roles of which some weight differs."""
    return {
        role
        for role in before
        if any((a != b).any() for a, b in zip(before[role], after[role], strict=True))
    }


def same_state(one, other):
    """Whether two models agree bit for bit in all that training changes."""
    mine, theirs = one.state(), other.state()
    assert set(mine) == set(theirs)
    return [key for key in mine if mine[key].numpy().tobytes() != theirs[key].numpy().tobytes()]


@every_method
def test_a_step_trains_every_network_and_logs_finite_terms(name, rows):
    model = build(name)
    before = weights(model)
    logs = train(model, rows)
    assert moved(before, weights(model)) == set(model.roles)
    assert logs and np.isfinite(list(logs.values())).all()
    for turn in model.turns:
        assert any(term.startswith(f"{turn.player}_") for term in logs), turn.player
    assert int(model.step.numpy()) == 1


@every_method
def test_each_turn_moves_exactly_the_networks_that_it_declares(name, rows):
    for turn in build(name).turns:
        model = build(name)
        model.turns = (turn,)  # The others' optimizers stay, which a loss may look at.
        before = weights(model)
        train(model, rows)
        assert moved(before, weights(model)) == set(turn.updates), turn.player


@every_method
def test_the_same_seed_gives_the_same_steps_and_another_one_others(name, rows):
    one, same = build(name), build(name)
    train(one, rows, 2)
    train(same, rows, 2)
    assert not same_state(one, same)
    other = build(name)
    other.seed += 1  # The noise alone; weights and data stay.
    train(other, rows, 2)
    assert same_state(one, other)


def changed_hparams(name):
    """Every hyperparameter that has another value by its type alone, set to that."""
    found = {}
    for key, value in methods.hparams(name).items():
        if isinstance(value, bool):
            found[key] = not value
        elif isinstance(value, (int, float)):
            found[key] = type(value)(value + 1)
    return found | ({"gaussian": "p_norm"} if "p" in found else {})  # The only loss with a p.


@every_method
@pytest.mark.parametrize("hparams", [methods.hparams, changed_hparams])
def test_config_round_trip(name, hparams):
    given = hparams(name)
    model = create(name, latent_dim=3, ema=0.5, seed=4, **given)
    config = model.get_config()
    assert {key: config[key] for key in given} == given
    type(model).from_config(config)
    again = type(model).from_config(config)  # The dict still holds everything.
    plain = set(config) - set(model.roles)
    assert {key: again.get_config()[key] for key in plain} == {key: config[key] for key in plain}
    assert (again.data_shape, again.latent_dim, again.ema, again.seed) == ((2,), 3, 0.5, 4)
    for role in model.roles:
        assert [layer.get_config() for layer in getattr(again, role).layers] == [
            layer.get_config() for layer in getattr(model, role).layers
        ]


@every_method
def test_a_saved_and_loaded_model_gives_equal_outputs(name, rows, tmp_path):
    model = build(name, ema=0.5)
    train(model, rows, 3)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.sample(20, seed=3), model.sample(20, seed=3))
    assert moved(weights(model), weights(loaded)) == set()
    assert int(loaded.step.numpy()) == 3
    if model.can_invert:
        x = rows(8, dimensions=2)
        np.testing.assert_array_equal(loaded.invert(x), model.invert(x))


@every_method
def test_a_restored_model_takes_the_steps_of_an_uninterrupted_one(name, rows, tmp_path):
    whole, first = build(name, ema=0.5), build(name, ema=0.5)
    train(whole, rows, 4)
    train(first, rows, 2)
    checkpoints.save(first, tmp_path)
    second = build(name, ema=0.5, seed=99)
    assert same_state(whole, second)
    assert checkpoints.restore(second, tmp_path) == 2
    train(second, rows, 2)
    assert same_state(whole, second) == []
    np.testing.assert_array_equal(second.sample(5), whole.sample(5))


@every_method
def test_an_export_offers_what_the_networks_can_do(name):
    model = build(name)
    endpoints = signatures.endpoints(model)
    label = {"label"} if model.is_conditional else set()
    expected = {"serving_default": {"x"}, "sample": {"x", "z"} | label}
    expected["interpolate"] = {"x", "z"} | label
    scores = set()
    if model.can_score:
        scores |= {"logit"}
    if model.can_invert:
        expected["invert"] = {"z"} | label | ({"probability"} if label else set())
        expected["reconstruct"] = {"x", "z", "error"} | label
        expected["interpolate_images"] = {"x", "z"} | label
        expected["invert_refined"] = {"x", "z", "error_before", "error"} | label
        expected["examples"] = expected["invert"] | {"error"}
        scores |= {"squared_norm", "error"}
    if scores:
        expected["score"] = scores
    assert {key: set(f.structured_outputs) for key, f in traced(endpoints).items()} == expected
    z, labels = model.latents(5, seed=1), np.arange(5) % CLASSES
    default, _ = endpoints["serving_default"]
    found = default(z, labels)["x"] if model.is_conditional else default(z)["x"]
    np.testing.assert_allclose(found, model.generate(z), atol=1e-6)


def traced(endpoints):
    """The concrete function of each endpoint."""
    return {name: function.get_concrete_function() for name, (function, _) in endpoints.items()}


@every_method
def test_every_argument_is_documented_in_the_class_or_an_ancestor(name):
    method = methods.get(name)
    described = "\n".join(cls.__doc__ or "" for cls in method.__mro__ if cls is not keras.Model)
    for argument in methods.signature_along_mro(method):
        if argument != "name":  # Keras' own.
            assert re.search(rf"^ +{argument}: \S", described, re.MULTILINE), argument


@every_method
def test_constructors_take_keywords_alone(name):
    parameters = inspect.signature(methods.get(name).__init__).parameters.values()
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional == ["self"]


@every_method
def test_the_class_is_named_after_its_file(name):
    assert methods.get(name).__name__.lower() == name.replace("_", "")


@every_method
def test_an_unknown_hparam_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match=r"got 'nonsense'") as caught:
        build(name, nonsense=1)
    for known in methods.hparams(name):
        assert known in str(caught.value)


def test_an_unknown_method_is_refused_with_the_known_ones():
    known = r"method must be one of .*, gan, .*iidgan.*; got 'ganiid'"
    with pytest.raises(ValueError, match=known):
        methods.get("ganiid")
