import types

import pytest

from keras_iidgan import optimizer_flag
from keras_iidgan.cli import UsageError


def made(text):
    config = types.SimpleNamespace(optimizer=text, beta_1=0.3, beta_2=0.9, method="gan")
    return optimizer_flag.make(config, 0.01, ["generator", "discriminator"])


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


@pytest.mark.parametrize("text", ["moon", "generator:moon", "adam,sgd", ":sgd", "", "a:sgd,a:adam"])
def test_other_texts_are_refused_by_the_flag_s_name(text):
    with pytest.raises(UsageError, match=r"--optimizer must be adam or sgd.*; got "):
        optimizer_flag.parse(text)


def test_a_player_that_the_method_has_not_is_refused():
    with pytest.raises(UsageError, match="players of gan, generator, discriminator; got 'encoder'"):
        made("encoder:sgd")
