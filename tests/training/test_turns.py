"""Compiling and logging: optimizers by player, terms, noise."""

import keras
import numpy as np
import pytest

from keras_iidgan import methods


def test_each_player_gets_its_own_optimizer_of_the_given_kind(make_model):
    given = keras.optimizers.SGD(0.25, momentum=0.5)
    model = make_model("iidgan", optimizer=given)
    assert list(model.optimizers) == ["discriminator", "generator"]
    one, other = model.optimizers.values()
    assert one is not other and given not in (one, other)
    for optimizer in (one, other):
        assert isinstance(optimizer, keras.optimizers.SGD)
        assert (float(optimizer.learning_rate), optimizer.momentum) == (0.25, 0.5)


def test_the_default_is_adam_with_the_settings_of_dcgan(make_model):
    model = make_model("gan")
    model.compile()
    for optimizer in model.optimizers.values():
        assert isinstance(optimizer, keras.optimizers.Adam)
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)


def test_a_dict_gives_each_player_its_own(make_model, rows):
    still, moving = keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.1)
    optimizers = {"discriminator": still, "generator": moving}
    model = make_model("gan", optimizer=optimizers, run_eagerly=True)
    before = model.discriminator.get_weights(), model.generator.get_weights()
    model.train_on_batch(rows(8))
    for old, new in zip(before[0], model.discriminator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    for old, new in zip(before[1], model.generator.get_weights(), strict=True):
        assert (old != new).any()


def test_a_dict_must_name_the_players(make_model):
    message = r"optimizers must name \['discriminator', 'generator'\]; got \['generator'\]"
    with pytest.raises(ValueError, match=message):
        make_model("gan", optimizer={"generator": keras.optimizers.Adam()})


def test_the_history_has_the_terms_and_no_others(make_model, rows):
    model = make_model("iidgan", gaussian="z_discriminator", run_eagerly=True)
    history = model.fit(rows(16), batch_size=8, shuffle=False, verbose=0).history
    assert set(history) == {
        "discriminator_adversarial",
        "latent_discriminator_adversarial",
        "generator_adversarial",
        "generator_z_cycle",
        "generator_x_cycle",
        "generator_gaussian",
    }


def test_the_terms_of_a_second_compile_are_learnt_anew(make_model, rows):
    model = make_model("iidgan", run_eagerly=True)
    model.train_on_batch(rows(8))
    model.turns = model.turns[:1]
    model.compile(run_eagerly=True)
    assert set(model.train_on_batch(rows(8), return_dict=True)) == {"discriminator_adversarial"}


def test_no_draw_of_codes_is_used_twice(make_model, rows, monkeypatch):
    """Not by the turns of a step, not by the steps, not by runs of neighbouring seeds."""
    drawn = []
    for seed in (0, 1):
        model = make_model("gan", seed=seed, run_eagerly=True)
        draw = type(model).draw_latents

        def keep(self, batch, draw=draw):
            drawn.append(draw(self, batch))
            return drawn[-1]

        with monkeypatch.context() as patched:
            patched.setattr(type(model), "draw_latents", keep)
            for _ in range(3):
                model.train_on_batch(rows(8))
    # Per seed: two draws while the terms are learnt, which are symbols, and two a step.
    found = [z.numpy() for z in drawn if hasattr(z, "numpy")]
    assert len(found) == 2 * 3 * 2
    assert all(z.shape == (8, 2) for z in found)
    assert len(np.unique(np.concatenate(found), axis=0)) == 8 * len(found)


@pytest.mark.parametrize(("kind", "jit"), [("dense", True), ("conv", False)])
def test_xla_is_chosen_by_what_a_cpu_gains(kind, jit):
    shape = {"dense": (2,), "conv": (8, 8, 1)}[kind]
    model = methods.create("gan", data_shape=shape, latent_dim=2)
    model.compile()
    assert model.jit_compile is jit
    model.compile(run_eagerly=True)
    assert model.jit_compile is False
