"""Which networks learn from which term."""

import pytest
from routing import all_routes

from keras_iidgan import losses

GENERATOR_OF_GAN = {"adversarial": {"generator"}}
CYCLES = {"z_cycle": {"generator", "encoder"}, "x_cycle": {"generator", "encoder"}}


@pytest.mark.parametrize("adversarial", losses.FORMS)
@pytest.mark.parametrize("instance_noise", [0.0, 0.1])
def test_gan(make_model, rows, adversarial, instance_noise):
    model = make_model("gan", adversarial=adversarial, instance_noise=instance_noise)
    assert all_routes(model, rows(8)) == {
        "discriminator": {"adversarial": {"discriminator"}},
        "generator": GENERATOR_OF_GAN,
    }


@pytest.mark.parametrize("name", ["iidgan", "invertgan"])
@pytest.mark.parametrize("gaussian", losses.gaussian.GAUSSIAN)
def test_losses_of_the_moments_teach_the_encoder_alone(make_model, rows, name, gaussian):
    model = make_model(name, gaussian=gaussian)
    assert all_routes(model, rows(8)) == {
        "discriminator": {"adversarial": {"discriminator"}},
        "generator": GENERATOR_OF_GAN | CYCLES | {"gaussian": {"encoder"}},
    }


def test_the_latent_discriminator_has_a_turn_of_its_own_before_the_generators(make_model, rows):
    model = make_model("iidgan", gaussian="z_discriminator")
    found = all_routes(model, rows(8))
    assert list(found) == ["discriminator", "latent_discriminator", "generator"]
    assert found["latent_discriminator"] == {"adversarial": {"latent_discriminator"}}
    assert found["generator"] == GENERATOR_OF_GAN | CYCLES | {"gaussian": {"encoder"}}


def test_terms_of_no_weight_are_left_out(make_model, rows):
    none = make_model("iidgan", gaussian="none")
    assert all_routes(none, rows(8))["generator"] == GENERATOR_OF_GAN | CYCLES
    unweighted = make_model("iidgan", gaussian_weight=0.0, cycle_weight=0.0)
    assert all_routes(unweighted, rows(8))["generator"] == GENERATOR_OF_GAN


@pytest.mark.parametrize(
    ("name", "values", "moving"),
    [
        ("gan", {}, {"discriminator": 1, "generator": 1}),
        ("iidgan", {}, {"discriminator": 1, "generator": 2}),
        (
            "iidgan",
            {"gaussian": "z_discriminator"},
            {"discriminator": 1, "latent_discriminator": 1, "generator": 2},
        ),
    ],
)
def test_an_optimizer_holds_the_variables_of_its_turns_networks(make_model, name, values, moving):
    model = make_model(name, **values)
    weights_of_a_network = 4  # Two dense layers.
    slots = 2  # Adam's.
    for player, networks in moving.items():
        held = len(model.optimizers[player].variables)
        assert held == 2 + slots * weights_of_a_network * networks, player  # 2: step and rate.
