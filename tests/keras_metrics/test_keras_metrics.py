"""Keras metrics: each equals the NumPy function on the same data, however it is split."""

import keras
import numpy as np
import pytest

from keras_iidgan import keras_metrics, metrics
from keras_iidgan.data.synthetic import nearest_mode

CENTERS = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [9.0, 9.0]])
WEIGHTS = (0.1, 0.2, 0.3, 0.4)
STD = 0.5


def points(count=300, seed=0):
    """Points near three of four modes, some far from all, one not finite."""
    generator = np.random.default_rng(seed)
    x = CENTERS[generator.integers(0, 3, count)] + STD * generator.normal(size=(count, 2))
    x[:20] += 30
    x[20] = np.nan
    return x.astype(np.float32)


def probabilities(count=300, seed=0):
    p = np.random.default_rng(seed).dirichlet([0.3, 0.5, 1.0], count).astype(np.float32)
    p[0] = [0, 0, 1]
    return p


def gaussian(count=300, dim=3, seed=0):
    generator = np.random.default_rng(seed)
    return (generator.normal(size=(count, dim)) @ generator.normal(size=(dim, dim)) + 5).astype(
        np.float32
    )


def by_modes(figure, **options):
    def naive(real, fake):
        found = nearest_mode(fake, CENTERS, STD)
        return metrics.mode_metrics(found.mode, found.good, len(CENTERS), **options)[figure]

    return naive


def frechet(real, fake):
    moments = [metrics.FeatureMoments(x.shape[1]).update(x) for x in (fake, real)]
    return metrics.fid(*moments)["fid"]


def mode_score(form):
    return lambda real, p: metrics.mode_score(p, WEIGHTS3, form=form)[f"mode_score_{form}"]


WEIGHTS3 = (0.2, 0.3, 0.5)
# A metric's maker, its y_true and y_pred, and the figure that it is to equal.
CASES = {
    "modes_covered": (
        lambda: keras_metrics.ModeCoverage(CENTERS, STD),
        points,
        by_modes("modes_covered"),
    ),
    "modes_covered_by_many": (
        lambda: keras_metrics.ModeCoverage(CENTERS, STD, threshold=92),
        points,
        by_modes("modes_covered", threshold=92),
    ),
    "high_quality": (
        lambda: keras_metrics.HighQuality(CENTERS, STD),
        points,
        by_modes("high_quality"),
    ),
    "reverse_kl": (lambda: keras_metrics.ReverseKL(CENTERS, STD), points, by_modes("reverse_kl")),
    "reverse_kl_of_shares": (
        lambda: keras_metrics.ReverseKL(CENTERS, STD, mode_weights=WEIGHTS),
        points,
        by_modes("reverse_kl", mode_weights=WEIGHTS),
    ),
    "codes_mean": (
        lambda: keras_metrics.CodesMean(3),
        gaussian,
        lambda real, z: metrics.code_moments(z)["codes_mean"],
    ),
    "codes_covariance": (
        lambda: keras_metrics.CodesCovariance(3),
        gaussian,
        lambda real, z: metrics.code_moments(z)["codes_covariance"],
    ),
    "frechet_distance": (lambda: keras_metrics.FrechetDistance(3), gaussian, frechet),
    "inception_score": (
        lambda: keras_metrics.InceptionScore(3),
        probabilities,
        lambda real, p: metrics.inception_score(p, splits=1)["inception_score"],
    ),
    "mode_score_xu2018": (
        lambda: keras_metrics.ModeScore(WEIGHTS3),
        probabilities,
        mode_score("xu2018"),
    ),
    "mode_score_che2017": (
        lambda: keras_metrics.ModeScore(WEIGHTS3, form="che2017"),
        probabilities,
        mode_score("che2017"),
    ),
    "reconstruction_error": (
        keras_metrics.ReconstructionError,
        gaussian,
        lambda real, x: np.abs(real.astype(float) - x).mean(),
    ),
    "reconstruction_error_l2": (
        lambda: keras_metrics.ReconstructionError(norm="l2"),
        gaussian,
        lambda real, x: np.mean([np.linalg.norm(row) for row in real.astype(float) - x]),
    ),
}
every_metric = pytest.mark.parametrize("case", CASES)


def data_of(case):
    make, draw, naive = CASES[case]
    real, fake = draw(seed=1), draw(seed=2)
    return make(), real, fake, naive


@every_metric
@pytest.mark.parametrize("cuts", [[], [1, 2, 5], [64, 128, 192, 256]])
def test_batches_in_any_split_give_the_figure_of_the_whole(case, cuts):
    metric, real, fake, naive = data_of(case)
    for part in zip(np.split(real, cuts), np.split(fake, cuts), strict=True):
        metric.update_state(*part)
    assert float(metric.result()) == pytest.approx(naive(real, fake), rel=1e-9, abs=1e-9)


@every_metric
def test_a_weight_of_2_is_a_row_seen_twice_and_one_of_0_a_row_left_out(case):
    metric, real, fake, naive = data_of(case)
    weights = np.arange(len(fake)) % 3
    metric.update_state(real, fake, sample_weight=weights[:, None])
    expected = naive(np.repeat(real, weights, axis=0), np.repeat(fake, weights, axis=0))
    assert float(metric.result()) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@every_metric
def test_a_reset_forgets_all(case):
    metric, real, fake, naive = data_of(case)
    fresh = float(metric.result())
    assert np.isfinite(fresh)
    metric.update_state(fake, real)
    metric.reset_state()
    assert float(metric.result()) == fresh
    metric.update_state(real, fake)
    assert float(metric.result()) == pytest.approx(naive(real, fake), rel=1e-9, abs=1e-9)


@every_metric
def test_a_metric_comes_back_from_its_configuration(case):
    metric, real, fake, _ = data_of(case)
    stored = keras.saving.serialize_keras_object(metric)
    assert stored["registered_name"].startswith("keras_iidgan>")
    other = keras.saving.deserialize_keras_object(stored)
    assert other.get_config() == metric.get_config()
    for each in (metric, other):
        each.update_state(real, fake)
    assert float(other.result()) == float(metric.result())


@pytest.mark.parametrize(
    ("case", "jit"),
    [*((case, False) for case in CASES), ("frechet_distance", True), ("reverse_kl", True)],
)
def test_evaluate_in_graph_mode_gives_the_figure(case, jit):
    metric, real, fake, naive = data_of(case)
    model = keras.Sequential([keras.Input(fake.shape[1:]), keras.layers.Identity()])
    model.compile("sgd", "mse", metrics=[metric], jit_compile=jit)
    found = model.evaluate(fake, real, batch_size=64, verbose=0, return_dict=True)
    assert found[metric.name] == pytest.approx(naive(real, fake), rel=1e-5, abs=1e-5)


def test_fit_logs_the_metrics_of_every_epoch():
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    generator.compile(
        "sgd",
        "mse",
        metrics=[keras_metrics.ModeCoverage(CENTERS, STD), keras_metrics.FrechetDistance(2)],
        weighted_metrics=[keras_metrics.HighQuality(CENTERS, STD)],
    )
    x = np.nan_to_num(points())
    history = generator.fit(x, x, epochs=3, verbose=0, sample_weight=np.ones(len(x))).history
    assert {"modes_covered", "frechet_distance", "high_quality"} <= set(history)
    assert len(history["modes_covered"]) == 3


def test_a_compiled_model_is_saved_with_its_metric(tmp_path):
    metric, real, fake, naive = data_of("mode_score_xu2018")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    model.compile("sgd", "mse", metrics=[metric])
    model.evaluate(fake, real, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    found = loaded.evaluate(fake, real, verbose=0, return_dict=True)
    assert found["mode_score"] == pytest.approx(naive(real, fake), rel=1e-5)


def test_images_are_rows_of_their_values():
    real, fake = gaussian(40, 12, seed=1), gaussian(40, 12, seed=2)
    metric = keras_metrics.FrechetDistance(12)
    metric.update_state(real.reshape(40, 2, 2, 3), fake.reshape(40, 2, 2, 3))
    assert float(metric.result()) == pytest.approx(frechet(real, fake), rel=1e-8)


def test_the_distance_of_two_known_gaussians():
    """Corners of squares of half side 1 and 3 in the plane: ||shift||^2 + 2 (s - s')^2."""
    corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], float)
    metric = keras_metrics.FrechetDistance(2)
    metric.update_state(corners, 3 * corners + [3, 4])
    assert float(metric.result()) == pytest.approx(25 + 2 * 4 / 3 * (3 - 1) ** 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: keras_metrics.ModeCoverage([1.0], 1.0), "centers must be a finite matrix"),
        (lambda: keras_metrics.HighQuality(CENTERS, 0.0), "std must be .* above 0; got 0.0"),
        (lambda: keras_metrics.ModeCoverage(CENTERS, 1.0, threshold=0), "threshold must be"),
        (
            lambda: keras_metrics.ReverseKL(CENTERS, 1.0, mode_weights=[0.5, 0.5]),
            "mode_weights must be 4 shares",
        ),
        (lambda: keras_metrics.CodesMean(0), "latent_dim must be a whole number"),
        (lambda: keras_metrics.FrechetDistance(2.5), "dim must be a whole number"),
        (lambda: keras_metrics.InceptionScore(0), "num_classes must be a whole number"),
        (lambda: keras_metrics.ModeScore([0.5, 0.6]), "train_shares must be 2 shares"),
        (lambda: keras_metrics.ModeScore([0.5, 0.5], form="own"), "form must be one of"),
        (lambda: keras_metrics.ReconstructionError("l3"), "norm must be one of l1, l2"),
        (
            lambda: keras_metrics.CodesMean(3).update_state(None, np.zeros([4, 2])),
            r"y_pred must have 3 values a row; got \(2,\)",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.replicas
@every_metric
def test_replicas_give_the_figure_of_one(case):
    import tensorflow as tf

    make, draw, naive = CASES[case]
    real, fake = draw(seed=1), draw(seed=2)
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        metric = make()
        model = keras.Sequential([keras.Input(fake.shape[1:]), keras.layers.Identity()])
        model.compile("sgd", "mse", metrics=[metric])
    model.evaluate(fake, real, batch_size=50, verbose=0)
    assert float(metric.result()) == pytest.approx(naive(real, fake), rel=1e-5, abs=1e-5)
