"""IID-GAN's terms by themselves, and in a GAN of a user's own."""

import math
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import IIDRegularizer, losses, regularizer


class MyGAN(keras.Model):
    """A GAN as the Keras examples write it, with two lines for the regulariser."""

    def __init__(self, generator, discriminator, encoder, latent_discriminator, regularizer):
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.encoder, self.latent_discriminator = encoder, latent_discriminator
        self.regularizer = regularizer

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer, self.g_optimizer, self.loss_fn = d_optimizer, g_optimizer, loss_fn

    def train_step(self, x):
        z = tf.random.normal([tf.shape(x)[0], 2])
        with tf.GradientTape() as tape:
            logits = self.discriminator(tf.concat([x, self.generator(z)], axis=0))
            labels = tf.concat([tf.ones_like(x[:, :1]), tf.zeros_like(x[:, :1])], axis=0)
            d_loss = self.loss_fn(labels, logits)
        weights = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(d_loss, weights), weights)
        with tf.GradientTape() as tape:
            x_fake = self.generator(z)
            logits = self.discriminator(x_fake)
            terms = {"adversarial": self.loss_fn(tf.ones_like(logits), logits)}
            terms |= self.regularizer.terms(
                x=x,
                z=z,
                x_fake=x_fake,
                generator=self.generator,
                encoder=self.encoder,
                latent_discriminator=self.latent_discriminator,
            )
            g_loss = tf.add_n(list(terms.values()))
        weights = self.generator.trainable_variables + self.encoder.trainable_variables
        self.g_optimizer.apply(tape.gradient(g_loss, weights), weights)
        return {"d_loss": d_loss, **terms}


@pytest.fixture
def my_gan(small):
    def make(**options):
        keras.utils.set_random_seed(0)
        roles = ("generator", "discriminator", "encoder", "latent_discriminator")
        model = MyGAN(*map(small, roles), IIDRegularizer(**options))
        model.compile(
            keras.optimizers.Adam(1e-3),
            keras.optimizers.Adam(0.02),
            keras.losses.BinaryCrossentropy(from_logits=True),
        )
        return model

    return make


def codes_error(model, x):
    """How far mean and covariance of F(x) are from those of N(0, I)."""
    z = np.asarray(model.encoder(x))
    return np.abs(z.mean(axis=0)).sum() + np.abs(np.cov(z.T) - np.eye(2)).sum()


def test_a_users_own_gan_trains_its_encoder_towards_n_0_i(my_gan, rows):
    model, x = my_gan(gaussian="p_norm"), rows(256)
    before = codes_error(model, x)
    history = model.fit(x, batch_size=64, epochs=25, verbose=0).history
    assert set(history) == {"d_loss", "adversarial", "z_cycle", "x_cycle", "gaussian"}
    assert codes_error(model, x) < 0.5 * before
    assert history["x_cycle"][-1] < history["x_cycle"][0]


def test_without_weights_the_encoder_of_a_users_own_gan_stays(my_gan, rows):
    model, x = my_gan(cycle_weight=0.0, gaussian_weight=0.0), rows(64)
    before = model.encoder.get_weights()
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        model.fit(x, batch_size=64, verbose=0)
    for old, new in zip(before, model.encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def parts(small, rows, **options):
    """The terms on one batch, d = 3 and M = 2."""
    keras.utils.set_random_seed(0)
    x, z = tf.constant(rows(8)), tf.constant(rows(8, dimensions=2))
    generator, encoder = small("generator"), small("encoder")
    found = IIDRegularizer(**options).terms(
        x=x, z=z, x_fake=generator(z), generator=generator, encoder=encoder
    )
    return {name: float(value) for name, value in found.items()}


@pytest.mark.parametrize(
    ("norm", "reduction", "weight"),
    [
        ("l1", "mean", 1.5),
        ("l2", "mean", math.sqrt(1.5)),
        ("l2_squared", "mean", 1.5),
        ("l1", "sum", 1.0),
        ("l2", "sum", 1.0),
        ("l2_squared", "sum", 1.0),
    ],
)
def test_the_automatic_weight_of_the_data_cycle(small, rows, norm, reduction, weight):
    options = {"cycle_norm": norm, "reduction": reduction}
    unit = parts(small, rows, x_weight=1.0, **options)
    auto = parts(small, rows, **options)
    assert auto["x_cycle"] == pytest.approx(weight * unit["x_cycle"], rel=1e-5)
    assert auto["z_cycle"] == unit["z_cycle"]


def test_weights_scale_their_own_terms(small, rows):
    one = parts(small, rows, cycle_weight=1.0, gaussian_weight=1.0)
    other = parts(small, rows, cycle_weight=2.0, gaussian_weight=5.0)
    factors = {"z_cycle": 2, "x_cycle": 2, "gaussian": 5}
    assert other == {k: pytest.approx(factors[k] * v, rel=1e-5) for k, v in one.items()}


@pytest.mark.parametrize(
    ("argument", "value", "rule"),
    [
        ("gaussian", "pnorm", "gaussian must be one of p_norm, w2, .*none; got 'pnorm'"),
        ("cycle_norm", "l3", "cycle_norm must be one of l1, l2, l2_squared; got 'l3'"),
        ("reduction", "max", "reduction must be one of mean, sum; got 'max'"),
        ("cycle_weight", -1.0, "cycle_weight must be a finite number of at least 0; got -1.0"),
        ("gaussian_weight", math.nan, "gaussian_weight must be a finite number .* got nan"),
        ("p", 0.5, "p must be a finite number of at least 1; got 0.5"),
        ("x_weight", "automatic", "x_weight must be a finite number .* got 'automatic'"),
        ("x_weight", math.inf, "x_weight must be a finite number .* got inf"),
        ("w2_root", 1, "w2_root must be true or false; got 1"),
    ],
)
def test_refusals(argument, value, rule):
    with pytest.raises(ValueError, match=rule):
        IIDRegularizer(**{argument: value})


def test_the_order_of_a_norm_that_is_not_used_is_refused():
    with pytest.raises(ValueError, match=r"p is of gaussian=p_norm alone; got 3.0 and w2"):
        IIDRegularizer(gaussian="w2", p=3.0)


def floor_of(small, rows, batch_size, **options):
    IIDRegularizer(**options).floor(batch_size, 2)


def terms_of(small, rows, batch_size, **options):
    generator, encoder = small("generator"), small("encoder")
    x, z = tf.constant(rows(batch_size)), tf.constant(rows(batch_size, dimensions=2))
    IIDRegularizer(**options).terms(
        x=x, z=z, x_fake=generator(z), generator=generator, encoder=encoder
    )


@pytest.fixture(autouse=True)
def nothing_said_yet():
    """Each test is the first to look at its batch."""
    regularizer._check_batch.cache_clear()


either = pytest.mark.parametrize("use", [floor_of, terms_of])


@either
@pytest.mark.parametrize("gaussian", ["kl_pq", "kl_qp"])
def test_a_batch_too_small_for_a_divergence_is_refused(small, rows, use, gaussian):
    with pytest.raises(ValueError, match=f"gaussian={gaussian} needs batch_size > latent_dim"):
        use(small, rows, 2, gaussian=gaussian)


@either
def test_a_batch_too_small_for_a_covariance_is_warned_of(small, rows, use):
    with pytest.warns(UserWarning, match="p_norm needs batch_size > latent_dim"):
        use(small, rows, 2)


# Of modules that the divergence imports at its first use.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@either
@pytest.mark.parametrize("batch_size", [3, 4])
def test_a_batch_without_a_mean_divergence_is_warned_of(small, rows, use, batch_size):
    with pytest.warns(UserWarning, match=f"infinite mean .* got batch_size={batch_size}, latent"):
        use(small, rows, batch_size, gaussian="kl_pq")


@either
@pytest.mark.parametrize(("gaussian", "batch_size"), [("kl_pq", 5), ("kl_qp", 3), ("w2_1d", 2)])
def test_a_batch_that_is_large_enough_goes_unmentioned(small, rows, use, gaussian, batch_size):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        use(small, rows, batch_size, gaussian=gaussian)


def test_a_latent_discriminator_that_is_missing_is_named(small, rows):
    with pytest.raises(ValueError, match="latent_discriminator must be a network z -> logit"):
        terms_of(small, rows, 8, gaussian="z_discriminator")


def test_the_latent_discriminators_loss_is_two_log_2_where_it_cannot_tell(rows):
    z = tf.constant(rows(8, dimensions=2))
    loss = IIDRegularizer(gaussian="z_discriminator").latent_discriminator_loss(
        lambda z: tf.zeros([len(z), 1]), z, z + 1
    )
    assert float(loss) == pytest.approx(2 * math.log(2))


def test_the_floor_is_weighted_by_the_gaussian_weight():
    floors = [IIDRegularizer(gaussian="w2_1d", gaussian_weight=w).floor(16, 2) for w in (1, 4)]
    assert floors[1] == pytest.approx(4 * floors[0])
    assert floors[0] == pytest.approx(losses.small_batch_floor("w2_1d", 16, 2))


def test_a_batch_is_warned_of_once(small, rows):
    with pytest.warns(UserWarning, match="needs batch_size > latent_dim") as said:
        for use in (floor_of, terms_of, floor_of):
            use(small, rows, 2)
    assert len(said) == 1
