"""IID-GAN's terms on other GANs: added to the generator's turn, and to no other."""

import numpy as np
import pytest
import routing
import tensorflow as tf

from keras_iidgan.methods.base import Batch

PAIRS = [("wgan_gp", "iid_wgan_gp"), ("sngan", "iid_sngan")]
BOTH = {"generator", "encoder"}


@pytest.mark.parametrize(("plain", "name"), PAIRS)
def test_the_terms_are_those_of_both_parents(make_model, rows, plain, name):
    model, parent = make_model(name, cycle_weight=0.5), make_model(plain)
    iid = make_model("iidgan", cycle_weight=0.5)
    for other in (parent, iid):
        for role in other.roles:
            if role != "discriminator":
                getattr(other, role).set_weights(getattr(model, role).get_weights())
    parent.discriminator.set_weights(model.discriminator.get_weights())
    x = tf.constant(rows(8))
    mine, theirs, added = (m.generator_loss(Batch(x)) for m in (model, parent, iid))
    assert list(mine) == ["adversarial", "z_cycle", "x_cycle", "gaussian"]
    assert float(mine["adversarial"]) == pytest.approx(float(theirs["adversarial"]), rel=1e-6)
    for term in ("z_cycle", "x_cycle", "gaussian"):
        assert float(mine[term]) == pytest.approx(float(added[term]), rel=1e-6)
    critics = [m.discriminator_loss(Batch(x)) for m in (model, parent)]
    assert {k: float(v) for k, v in critics[0].items()} == {
        k: float(v) for k, v in critics[1].items()
    }


@pytest.mark.parametrize(("plain", "name"), PAIRS)
@pytest.mark.parametrize("gaussian", ["p_norm", "z_discriminator"])
def test_which_networks_learn(make_model, rows, plain, name, gaussian):
    found = routing.routes(make_model(name, gaussian=gaussian), rows(8))
    critic = found.pop("discriminator")
    assert critic == routing.routes(make_model(plain), rows(8))["discriminator"]
    judge = {"latent_discriminator"} if gaussian == "z_discriminator" else set()
    assert found.pop("generator") == {
        "adversarial": {"generator", "discriminator"},
        "z_cycle": BOTH,
        "x_cycle": BOTH,
        "gaussian": {"encoder"} | judge,
    }
    assert set(found) == judge


@pytest.mark.parametrize(("plain", "name"), PAIRS)
def test_the_generator_and_the_latent_discriminator_move_once_a_step(make_model, rows, plain, name):
    model = make_model(name, gaussian="z_discriminator", critic_steps=2, run_eagerly=True)
    assert [(turn.player, turn.repeats, turn.updates) for turn in model.turns] == [
        ("discriminator", 2, ("discriminator",)),
        ("latent_discriminator", 1, ("latent_discriminator",)),
        ("generator", 1, ("generator", "encoder")),
    ]
    logs = model.train_on_batch(rows(32), return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    updates = [int(o.iterations.numpy()) for o in model.optimizers.values()]
    assert updates == [2, 1, 1]
    # The batch of 16 that the terms are computed of is the global one that the floor is of.
    assert model.floors(16) == make_model("iidgan", gaussian="z_discriminator").floors(16)
