"""Conditional methods: classes in every network, their terms, and who learns from them."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import special

from keras_iidgan import losses, methods, signatures
from keras_iidgan.methods.base import Batch

CLASSES, LATENT = 3, 2
LABELS = np.array([0, 2, 1, 1, 0, 2, 2, 0, 1, 0, 2, 1], np.int32)
C = np.eye(CLASSES)[LABELS]


@pytest.fixture
def build():
    def make(name, **values):
        keras.utils.set_random_seed(0)
        model = methods.create(
            name, data_shape=(3,), latent_dim=LATENT, num_classes=CLASSES, **values
        )
        model.compile(run_eagerly=True, jit_compile=False)
        return model

    return make


@pytest.fixture
def terms(monkeypatch, rows):
    """The generator's terms on known data, codes and classes, and what NumPy needs for them."""
    x, z = rows(12), rows(12, dimensions=LATENT, seed=5)

    def compute(model):
        monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: tf.constant(z))
        batch = Batch(tf.constant(x), tf.constant(LABELS))
        return {k: float(v) for k, v in model.generator_loss(batch).items()}, x, z

    return compute


def close(value):
    return pytest.approx(float(value), rel=1e-4, abs=1e-6)


def moved(network, *inputs):
    return [np.asarray(part, np.float64) for part in network([*inputs], training=True)]


def parts(model, x, z, found=None):
    """What the terms are made of: codes, logits and data that have gone there and back."""
    x_fake = np.asarray(model.generator([z, C], training=True))
    z_back, logits = (np.asarray(a, np.float64) for a in model.encoder(x_fake, training=True))
    z_real, real_logits = (np.asarray(a, np.float64) for a in model.encoder(x, training=True))
    found = special.softmax(real_logits, axis=1) if found is None else found
    return z_back, logits, z_real, np.asarray(model.generator([z_real, found], training=True))


def moments_loss(codes):
    mean, covariance = codes.mean(axis=0), np.cov(codes.T, bias=True)
    return np.linalg.norm(mean) + np.linalg.norm(covariance - np.eye(LATENT))


def test_the_terms_are_those_of_the_formula(build, terms):
    model = build("iid_cgan", cycle_weight=0.5, gaussian_weight=0.1, label_weight=2.0)
    found, x, z = terms(model)
    z_back, logits, z_real, x_back = parts(model, x, z)
    cross = -(C * special.log_softmax(logits, axis=1)).sum(axis=1).mean()
    assert set(found) == {"adversarial", "z_cycle", "x_cycle", "label", "gaussian"}
    assert found["z_cycle"] == close(0.5 * np.abs(z - z_back).mean())
    assert found["label"] == close(0.5 * 2 * cross)
    assert found["x_cycle"] == close(0.5 * 1.5 * np.abs(x - x_back).mean())
    assert found["gaussian"] == close(0.1 * moments_loss(z_real))


def test_the_literal_term_is_one_norm_of_code_and_class(build, terms):
    model = build("iid_cgan", label_loss="l2", cycle_weight=1.0)
    found, x, z = terms(model)
    z_back, logits, *_ = parts(model, x, z)
    there = np.concatenate([z, C], axis=1)
    back = np.concatenate([z_back, special.softmax(logits, axis=1)], axis=1)
    assert found["z_cycle"] == close(np.linalg.norm(there - back, axis=1).mean())
    assert "label" not in found


def test_data_can_be_rebuilt_by_their_true_class(build, terms):
    model = build("iid_cgan", true_labels=True, cycle_weight=1.0)
    found, x, z = terms(model)
    by_truth, by_finding = (parts(model, x, z, found=c)[-1] for c in (C, None))
    assert found["x_cycle"] == close(1.5 * np.abs(x - by_truth).mean())
    assert np.abs(by_truth - by_finding).max() > 1e-3


@pytest.mark.parametrize("gaussian", ["p_norm", "kl_qp"])
def test_each_class_can_be_held_at_n_0_i_by_itself(build, terms, gaussian):
    model = build("iid_cgan", per_class=True, gaussian=gaussian, gaussian_weight=1.0)
    found, x, z = terms(model)
    z_real = parts(model, x, z)[2]
    value = 0.0
    for k in range(CLASSES):
        codes = z_real[LABELS == k]
        mean, covariance = codes.mean(axis=0), np.cov(codes.T, bias=True)
        if gaussian == "p_norm":
            each = np.linalg.norm(mean) + np.linalg.norm(covariance - np.eye(LATENT))
        else:
            log_det = np.log(np.linalg.det(covariance))
            each = 0.5 * (mean @ mean + np.trace(covariance) - LATENT - log_det)
        value += each * (LABELS == k).mean()
    # The divergence of four codes is that of nearly singular covariances: its jitter shows.
    assert found["gaussian"] == pytest.approx(value, rel=1e-2 if gaussian == "kl_qp" else 1e-4)


def test_a_group_of_one_code_costs_nothing_and_has_a_gradient_of_0():
    z = tf.Variable([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5], [9.0, 9.0]])
    groups = np.eye(3)[[0, 0, 0, 2]]  # Nobody is in the second, one in the third.
    loss = losses.gaussian_loss("p_norm")
    with tf.GradientTape() as tape:
        value = losses.grouped(loss, z, groups)
    gradient = tape.gradient(value, z).numpy()
    alone = loss(*losses.moments(z[:3]))
    assert float(value) == close(0.75 * float(alone))
    assert np.isfinite(gradient).all() and np.abs(gradient[:3]).min() > 0
    assert (gradient[3] == 0).all()


def test_one_group_is_the_whole_batch(rows):
    z = tf.constant(rows(16, dimensions=2))
    for name in losses.gaussian.GAUSSIAN:
        loss = losses.gaussian_loss(name)
        grouped = losses.grouped(loss, z, np.ones([16, 1]))
        assert float(grouped) == close(float(loss(*losses.moments(z)))), name


def test_logits_that_say_nothing_cost_log_k():
    value = losses.label_loss(np.eye(4), np.full([4, 4], 7.0))
    assert float(value) == close(np.log(4))


def routes(model, x):
    """{turn: {term: the networks that get a gradient}}."""
    found = {}
    for turn in model.turns:
        with tf.GradientTape(persistent=True) as tape:
            terms = model.loss_of(turn, Batch(tf.constant(x), tf.constant(LABELS)))
        for name, value in terms.items():
            found[turn.player, name] = {
                role
                for role in turn.updates
                if any(
                    g is not None and np.any(g)
                    for g in tape.gradient(value, getattr(model, role).trainable_variables)
                )
            }
    return found


def test_who_learns_from_which_term(build, rows):
    both = {"generator", "encoder"}
    adversarial = {
        ("discriminator", "adversarial"): {"discriminator"},
        ("generator", "adversarial"): {"generator"},
    }
    assert routes(build("cgan"), rows(12)) == adversarial
    assert routes(build("iid_cgan"), rows(12)) == adversarial | {
        ("generator", "z_cycle"): both,
        ("generator", "label"): both,
        ("generator", "x_cycle"): both,
        ("generator", "gaussian"): {"encoder"},
    }
    judged = routes(build("iid_cgan", gaussian="z_discriminator"), rows(12))
    assert judged["latent_discriminator", "adversarial"] == {"latent_discriminator"}
    assert judged["generator", "gaussian"] == {"encoder"}


@pytest.mark.parametrize("shape", [(3,), (8, 8, 1), (28, 28, 3)])
def test_every_network_sees_the_class(shape):
    model = methods.create("iid_cgan", data_shape=shape, latent_dim=LATENT, num_classes=CLASSES)
    z = model.latents(6)
    one, other = (model.generate(z, labels=k) for k in (0, 1))
    assert one.shape == (6, *shape) and np.abs(one - other).max() > 1e-4
    logits = [model.discriminator([one, model.one_hot(k, 6)]).numpy() for k in (0, 1)]
    assert logits[0].shape == (6, 1) and np.abs(logits[0] - logits[1]).max() > 1e-5
    assert model.invert(one).shape == (6, LATENT)
    shares = model.classify(one)
    assert shares.shape == (6, CLASSES)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    assert model.reconstruct(one).shape == one.shape


def test_samples_take_every_class_in_turn_or_those_asked_for(build):
    model = build("cgan")
    z = model.latents(4, seed=3)
    by_label = [model.generate(z, labels=k) for k in range(CLASSES)]
    turns = model.sample(4, seed=3)
    for row, label in enumerate([0, 1, 2, 0]):
        np.testing.assert_allclose(turns[row], by_label[label][row], rtol=1e-6)
    np.testing.assert_allclose(model.sample(4, seed=3, labels=2), by_label[2], rtol=1e-6)
    asked = model.sample(4, seed=3, labels=[2, 2, 0, 1])
    np.testing.assert_allclose(asked[3], by_label[1][3], rtol=1e-6)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (3, r"labels must lie in 0..2; got 3..3"),
        ([0, 0, -1, 0], r"labels must lie in 0..2; got -1..0"),
        ([0, 1], r"labels must be an integer or 4 of them; got int64 of shape \(2,\)"),
        (0.5, r"labels must be an integer or 4 of them; got float64 of shape \(\)"),
    ],
)
def test_labels_that_are_none_are_refused(build, labels, message):
    with pytest.raises(ValueError, match=message):
        build("cgan").sample(4, labels=labels)


def test_data_without_labels_and_fewer_than_two_classes_are_refused(build, rows):
    with pytest.raises(ValueError, match="labels must come with the data of a conditional method"):
        build("cgan").train_on_batch(rows(12))
    with pytest.raises(ValueError, match="num_classes must be at least 2; got 1"):
        methods.create("cgan", data_shape=(3,), latent_dim=2, num_classes=1)
    with pytest.raises(ValueError, match="per_class is of losses of moments"):
        build("iid_cgan", per_class=True, gaussian="z_discriminator")


def test_a_served_label_out_of_range_is_an_error(build):
    model = build("iid_cgan")
    endpoints = signatures.endpoints(model)
    sample, _ = endpoints["sample"]
    found = sample(np.array([5, 5], np.int64), np.array([0, 1], np.int64))
    assert found["label"].numpy().tolist() == [0, 1]
    assert np.abs(found["x"][0] - found["x"][1]).max() > 1e-5
    for label in (-1, CLASSES):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"label must be in 0..2"):
            sample(np.array([5], np.int64), np.array([label], np.int64))


def test_inverting_names_the_class_and_rebuilds_by_it(build, rows):
    model = build("iid_cgan")
    x = rows(6)
    endpoints = signatures.endpoints(model)
    inverted = endpoints["invert"][0](x)
    np.testing.assert_allclose(inverted["probability"], model.classify(x), atol=1e-6)
    assert inverted["label"].numpy().tolist() == model.classify(x).argmax(axis=1).tolist()
    rebuilt = endpoints["reconstruct"][0](x)
    np.testing.assert_allclose(rebuilt["x"], model.reconstruct(x), atol=1e-6)


def test_labels_follow_their_rows_through_fit(rows):
    """D alone, on classes that say everything: it can only learn if labels stay with their rows."""
    keras.utils.set_random_seed(0)
    labels = np.arange(512, dtype=np.int32) % 2
    x = np.stack([labels * 2.0 - 1, np.zeros(512)], axis=1).astype(np.float32)
    model = methods.create("iid_cgan", data_shape=(2,), latent_dim=2, num_classes=2)
    model.compile(keras.optimizers.Adam(2e-3, beta_1=0.5), steps_per_execution=8)
    model.fit(x, labels, batch_size=64, epochs=60, verbose=0)
    for label in (0, 1):
        assert np.abs(model.sample(200, labels=label)[:, 0] - (2 * label - 1)).mean() < 0.3
    assert (model.classify(x).argmax(axis=1) == labels).mean() > 0.95
