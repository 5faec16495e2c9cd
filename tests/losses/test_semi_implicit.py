"""The semi-implicit likelihood against SciPy, its bounds by Lemma 1, and its memory."""

import math

import numpy as np
import pytest
import tensorflow as tf
from scipy import special, stats

from keras_iidgan import losses
from keras_iidgan.losses import semi_implicit


def gaussian(seed=0, n=7, m=5, d=3):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(n, d)), generator.normal(size=(m, d))


def counts(seed=0, n=7, m=5, d=3):
    generator = np.random.default_rng(seed)
    return generator.poisson(3, size=(n, d)).astype(float), generator.gamma(2, size=(m, d))


def cross_entropy(densities):
    """H_M of log p(x_i | theta_j), [N, M]."""
    return -np.mean(special.logsumexp(densities, axis=1) - math.log(densities.shape[1]))


def by_pairs(x, theta, log_density):
    """log p(x_i | theta_j), one pair and one dimension at a time."""
    return np.array([[sum(map(log_density, a, b)) for b in theta] for a in x])


@pytest.mark.parametrize("scale", [0.1, 1.0, 30.0])
def test_gaussian_equals_scipy(scale):
    x, theta = gaussian()
    densities = by_pairs(x, theta, lambda a, b: stats.norm.logpdf(a, b, scale))
    found = float(losses.semi_implicit_loss(x, theta, scale=scale))
    assert found == pytest.approx(cross_entropy(densities), rel=1e-5)


def test_poisson_equals_scipy():
    x, rates = counts()
    densities = by_pairs(x, rates, stats.poisson.logpmf)
    found = float(losses.semi_implicit_loss(x, rates, likelihood="poisson"))
    assert found == pytest.approx(cross_entropy(densities), rel=1e-5)


def test_images_are_vectors_of_their_pixels():
    x, theta = gaussian(d=12)
    images = losses.semi_implicit_loss(x.reshape(7, 2, 2, 3), theta.reshape(5, 2, 2, 3))
    assert float(images) == pytest.approx(float(losses.semi_implicit_loss(x, theta)), rel=1e-6)


def test_one_theta_on_all_data_costs_the_floor_and_nothing_costs_less():
    x, theta = np.full((4, 5), 0.3), np.full((1, 5), 0.3)
    floor = losses.semi_implicit_floor(5, 0.2)
    assert floor == pytest.approx(-5 * stats.norm.logpdf(0, scale=0.2))
    assert float(losses.semi_implicit_loss(x, theta, scale=0.2)) == pytest.approx(floor, rel=1e-5)
    assert float(losses.semi_implicit_loss(*gaussian(d=5), scale=0.2)) > floor


def test_narrow_gaussians_far_from_the_origin_keep_their_digits():
    """Where |x|^2 - 2 x theta + |theta|^2 in float32 would be off by 0.1 s^2 and more."""
    x, theta = gaussian()
    x, theta = (np.float32(1e-3 * each + 5) for each in (x, theta))
    densities = by_pairs(
        x.astype(float), theta.astype(float), lambda a, b: stats.norm.logpdf(a, b, 1e-3)
    )
    found = float(losses.semi_implicit_loss(x, theta, scale=1e-3))
    assert found == pytest.approx(cross_entropy(densities), rel=1e-5)


def test_theta_a_thousand_deviations_away_have_a_finite_loss_and_gradient():
    theta = tf.constant([[100.0, 0.0], [0.0, -200.0]])
    with tf.GradientTape() as tape:
        tape.watch(theta)
        value = losses.semi_implicit_loss(np.zeros((3, 2)), theta)
    assert float(value) == pytest.approx(5e5 + math.log(2) + losses.semi_implicit_floor(2, 0.1))
    np.testing.assert_allclose(tape.gradient(value, theta), [[1e4, 0], [0, 0]], rtol=1e-4)


@pytest.mark.parametrize("likelihood", losses.LIKELIHOODS)
def test_gradient_equals_that_of_the_responsibilities(likelihood):
    x, theta = gaussian() if likelihood == "gaussian" else counts()
    variable = tf.constant(theta, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(variable)
        value = losses.semi_implicit_loss(x, variable, likelihood=likelihood, scale=0.7)
    if likelihood == "gaussian":
        densities = by_pairs(x, theta, lambda a, b: stats.norm.logpdf(a, b, 0.7))
        slopes = (x[:, None] - theta) / 0.7**2
    else:
        densities = by_pairs(x, theta, stats.poisson.logpmf)
        slopes = x[:, None] / theta - 1
    shares = special.softmax(densities, axis=1)  # [N, M]
    expected = -np.mean(shares[:, :, None] * slopes, axis=0)
    np.testing.assert_allclose(tape.gradient(value, variable), expected, rtol=1e-3, atol=1e-6)


# A model whose every law is known: theta ~ N(0, t^2), x | theta ~ N(theta, s^2).
T, S = 1.0, 0.5
DRAWS = (1, 2, 4, 16, 64, 512)


@pytest.fixture(scope="module")
def estimates():
    """H_M of data of the model's own law, a mean over runs, and its standard error."""
    generator, found = np.random.default_rng(0), {}
    for m in DRAWS:
        runs = []
        for _ in range(max(60, 800 // m)):
            x = generator.normal(scale=math.hypot(T, S), size=(512, 1))
            theta = generator.normal(scale=T, size=(m, 1))
            runs.append(float(losses.semi_implicit_loss(x, theta, scale=S)))
        found[m] = np.mean(runs), np.std(runs, ddof=1) / math.sqrt(len(runs))
    return found


def test_h_1_is_the_mean_squared_distance(estimates):
    mean, error = estimates[1]
    expected = (2 * T**2 + S**2) / (2 * S**2) + 0.5 * math.log(2 * math.pi * S**2)
    assert mean == pytest.approx(expected, abs=4 * error)
    assert error < 0.05 * expected


def test_h_m_falls_with_m_to_the_entropy_of_the_data(estimates):
    """Lemma 1, two-sided: by more than its noise from each M to the next, and no further than H."""
    entropy = 0.5 * math.log(2 * math.pi * math.e * (T**2 + S**2))
    for (more, error), (less, other) in zip(
        [estimates[m] for m in DRAWS], [estimates[m] for m in DRAWS[1:]], strict=False
    ):
        assert more - less > 2 * math.hypot(error, other)
    mean, error = estimates[512]
    assert mean == pytest.approx(entropy + second_order(512), abs=4 * error)
    assert entropy < estimates[64][0] - 2 * estimates[64][1]


def second_order(m):
    """H_M - H for large M: the mean over x of Var p(x | theta) / (2 M p(x)^2), by quadrature."""
    x = np.linspace(-8, 8, 4001)
    p = stats.norm.pdf(x, scale=math.hypot(T, S))
    # E p(x | theta)^2 = 1 / (2 s sqrt(pi)) N(x; 0, t^2 + s^2 / 2)
    squares = stats.norm.pdf(x, scale=math.sqrt(T**2 + S**2 / 2)) / (2 * S * math.sqrt(math.pi))
    return np.trapezoid(p * (squares / p**2 - 1), x) / (2 * m)


def test_a_wrong_model_costs_its_divergence_more():
    """Theta of half the spread: the cross-entropy exceeds the entropy by KL(data || model)."""
    generator = np.random.default_rng(1)
    x = generator.normal(scale=math.hypot(T, S), size=(5000, 1))
    theta = generator.normal(scale=T / 2, size=(2000, 1))
    data, model = T**2 + S**2, T**2 / 4 + S**2
    expected = 0.5 * (math.log(2 * math.pi * model) + data / model)
    assert float(losses.semi_implicit_loss(x, theta, scale=S)) == pytest.approx(expected, rel=0.02)


def largest(graph):
    """The most values that any tensor of a graph holds, those of its functions included."""
    shapes = [o.shape for op in graph.get_operations() for o in op.outputs]
    assert all(shape.is_fully_defined() for shape in shapes)
    return max(shape.num_elements() for shape in shapes)


@pytest.mark.parametrize("likelihood", losses.LIKELIHOODS)
def test_no_tensor_holds_all_pairs_in_all_dimensions(likelihood):
    n, m, d = 20, 30, 50
    specs = [tf.TensorSpec([n, d]), tf.TensorSpec([m, d])]

    @tf.function(input_signature=specs)
    def step(x, theta):
        with tf.GradientTape() as tape:
            tape.watch(theta)
            value = losses.semi_implicit_loss(x, theta, likelihood=likelihood)
        return value, tape.gradient(value, theta)

    assert largest(step.get_concrete_function().graph) == max(n * d, m * d, n * m)


def test_the_plain_mixture_would_hold_them_and_gives_the_same():
    n, m, d = 20, 30, 50
    distributions, *_ = semi_implicit._probability()

    @tf.function(input_signature=[tf.TensorSpec([n, d]), tf.TensorSpec([m, d])])
    def plain(x, theta):
        mixture = distributions.MixtureSameFamily(
            distributions.Categorical(logits=tf.zeros([m])),
            distributions.Independent(distributions.Normal(theta, 0.1), 1),
        )
        return -tf.reduce_mean(mixture.log_prob(x))

    assert largest(plain.get_concrete_function().graph) >= n * m * d
    x, theta = (np.float32(each) for each in gaussian(n=n, m=m, d=d))
    assert float(losses.semi_implicit_loss(x, theta)) == pytest.approx(
        float(plain(x, theta)), rel=1e-5
    )


@pytest.mark.parametrize("likelihood", losses.LIKELIHOODS)
def test_xla_gives_the_same(likelihood):
    x, theta = gaussian() if likelihood == "gaussian" else counts()

    @tf.function(jit_compile=True)
    def compiled(x, theta):
        return losses.semi_implicit_loss(x, theta, likelihood=likelihood)

    expected = float(losses.semi_implicit_loss(x, theta, likelihood=likelihood))
    assert float(compiled(x, theta)) == pytest.approx(expected, rel=1e-5)


def test_observations_have_the_moments_of_their_law():
    theta = np.tile(np.float32([[2.0, 7.0]]), (40_000, 1))
    normal = losses.draw_observations(theta, [3, 1], scale=0.5).numpy()
    poisson = losses.draw_observations(theta, [3, 1], likelihood="poisson").numpy()
    error = 4 / math.sqrt(len(theta))
    np.testing.assert_allclose(normal.mean(axis=0), [2, 7], atol=0.5 * error)
    np.testing.assert_allclose(normal.std(axis=0), [0.5, 0.5], atol=0.5 * error)
    np.testing.assert_allclose(poisson.mean(axis=0), [2, 7], atol=math.sqrt(7) * error)
    np.testing.assert_allclose(poisson.var(axis=0), [2, 7], rtol=2 * error)
    assert (poisson == poisson.round()).all() and poisson.dtype == np.float32


def test_an_unknown_likelihood_is_refused():
    with pytest.raises(ValueError, match="likelihood must be one of gaussian, poisson; got 'x'"):
        losses.semi_implicit_loss(*gaussian(), likelihood="x")
