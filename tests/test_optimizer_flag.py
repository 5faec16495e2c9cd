import types

import pytest

from keras_iidgan import optimizer_flag
from keras_iidgan.cli import UsageError


def made(text, schedule=lambda factor: 0.01 * factor, critic_steps=1, precision="none"):
    config = types.SimpleNamespace(
        optimizer=text,
        learning_rate=0.01,
        beta_1=0.3,
        beta_2=0.9,
        method="gan",
        mixed_precision=precision,
    )
    repeats = {"generator": 1, "discriminator": critic_steps}
    return optimizer_flag.make(config, schedule, repeats)


@pytest.mark.parametrize(("text", "name"), [("adam", "Adam"), ("sgd", "SGD")])
def test_one_name_is_for_all_players(text, name):
    optimizer = made(text)
    assert type(optimizer).__name__ == name
    assert float(optimizer.learning_rate) == pytest.approx(0.01)


def test_adam_has_the_betas_of_the_flags():
    optimizer = made("adam")
    assert (optimizer.beta_1, optimizer.beta_2) == (0.3, 0.9)


def test_players_can_have_their_own_and_others_have_adam():
    chosen = {player: type(o).__name__ for player, o in made("discriminator:sgd").items()}
    assert chosen == {"generator": "Adam", "discriminator": "SGD"}
    assert len(set(map(id, made("generator:sgd,discriminator:sgd").values()))) == 2


def test_a_player_can_have_a_rate_of_its_own():
    optimizers = made("discriminator:adam@1e-4")
    assert float(optimizers["discriminator"].learning_rate) == pytest.approx(1e-4)
    assert float(optimizers["generator"].learning_rate) == pytest.approx(0.01)


def test_a_rate_of_its_own_falls_as_the_schedule_does_and_counts_steps_not_updates():
    from keras_iidgan.training import schedules

    def halving(factor):
        return schedules.Exponential([(0, 0.01 * factor), (10, 0.005 * factor)])

    # Five updates a step: the 50th update is that of step 10.
    optimizer = made("discriminator:sgd@0.002", halving, critic_steps=5)["discriminator"]
    rates = [float(optimizer._learning_rate(update)) for update in (0, 4, 50)]
    assert rates == pytest.approx([0.002, 0.002, 0.001])


def test_every_player_scales_its_loss_in_half_precision():
    optimizers = made("discriminator:sgd", precision="mixed_float16")
    assert {type(o).__name__ for o in optimizers.values()} == {"LossScaleOptimizer"}


@pytest.mark.parametrize("rate", ["", "0", "-1", "nan", "inf", "fast"])
def test_a_rate_is_a_number_above_0(rate):
    with pytest.raises(UsageError, match="with a rate above 0; got 'discriminator:adam@"):
        optimizer_flag.parse(f"discriminator:adam@{rate}")


@pytest.mark.parametrize(
    "text", ["adam@1", "moon", "generator:moon", "adam,sgd", ":sgd", "", "a:sgd,a:adam"]
)
def test_other_texts_are_refused_by_the_flag_s_name(text):
    with pytest.raises(UsageError, match=r"--optimizer must be adam or sgd.*; got "):
        optimizer_flag.parse(text)


def test_a_player_that_the_method_has_not_is_refused():
    with pytest.raises(UsageError, match="players of gan, generator, discriminator; got 'encoder'"):
        made("encoder:sgd")
