import math

import numpy as np
import pytest

from keras_iidgan import metrics
from keras_iidgan.tfgan_shim import tfgan


def some(n=60, classes=7, seed=0):
    """Rows of probabilities of which some are 0, and shares that aren't equal."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(classes, 0.3), size=n)
    p[0] = np.eye(classes)[3]
    return p, rng.dirichlet(np.full(classes, 5.0))


def kl(p, q):
    """The divergence, a term at a time."""
    return sum(a * (math.log(a) - math.log(b)) for a, b in zip(p, q, strict=True) if a > 0)


def test_inception_score_by_its_definition():
    p, _ = some()
    parts = [p[:20], p[20:40], p[40:]]
    scores = [math.exp(np.mean([kl(row, part.mean(axis=0)) for row in part])) for part in parts]
    found = metrics.inception_score(p, splits=3)
    assert found["inception_score"] == pytest.approx(np.mean(scores))
    assert found["inception_score_std"] == pytest.approx(np.std(scores, ddof=1))
    assert found["inception_score_samples"] == 60


def test_inception_score_is_that_of_tf_gan():
    p, _ = some()
    p = np.clip(p, 1e-6, None)
    p /= p.sum(axis=1, keepdims=True)
    expected = tfgan().eval.classifier_score_from_logits(np.log(p).astype(np.float32))
    found = metrics.inception_score(p, splits=1)["inception_score"]
    assert found == pytest.approx(float(expected), rel=1e-4)


def test_the_score_is_the_ratio_of_the_perplexities():
    found = metrics.inception_score(some()[0], splits=1)
    ratio = found["class_perplexity"] / found["sample_perplexity"]
    assert found["inception_score"] == pytest.approx(ratio, rel=1e-12)


def test_a_perfect_sampler_of_k_sure_classes_has_k_and_noise_has_1():
    sure = metrics.inception_score(np.eye(7)[np.arange(70) % 7], splits=5)
    assert sure["inception_score"] == pytest.approx(7)
    assert (sure["class_perplexity"], sure["sample_perplexity"]) == pytest.approx((7, 1))
    noise = metrics.inception_score(np.full((70, 7), 1 / 7))
    assert noise["inception_score"] == pytest.approx(1)
    assert noise["sample_perplexity"] == pytest.approx(7)


def test_mode_score_as_printed_is_the_inception_score_whatever_the_data():
    p, train = some()
    score = metrics.inception_score(p, splits=1)["inception_score"]
    for shares in (train, np.full(7, 1 / 7)):
        assert metrics.mode_score(p, shares)["mode_score_che2017"] == pytest.approx(score)


def test_mode_score_of_xu_is_lower_where_shares_are_wrong():
    p, train = some()
    mean = p.mean(axis=0)
    expected = math.exp(np.mean([kl(row, mean) for row in p]) - kl(mean, train))
    found = metrics.mode_score(p, train, form="xu2018")["mode_score_xu2018"]
    assert found == pytest.approx(expected)
    score = metrics.inception_score(p, splits=1)["inception_score"]
    assert found < score
    assert metrics.mode_score(p, mean, form="xu2018")["mode_score_xu2018"] == pytest.approx(score)


def test_class_figures_by_counting():
    p = np.array([[0.8, 0.2, 0], [0.7, 0.1, 0.2], [0.1, 0.75, 0.15], [0.4, 0.35, 0.25]])
    train = [0.5, 0.3, 0.2]
    found = metrics.class_figures(p, train_shares=train)
    assert found == pytest.approx(
        {
            "classes_covered": 2,
            "bad_fraction": 0.5,
            "high_quality": 0.5,
            "kl_bias": 0.25,
            "kl_bias_good": 0.5,
            "kl_uniform": kl([0.75, 0.25, 0], [1 / 3] * 3),
            "kl_uniform_good": kl([0.5, 0.5, 0], [1 / 3] * 3),
            "kl_train": kl([0.75, 0.25, 0], train),
            "kl_train_good": kl([0.5, 0.5, 0], train),
        }
    )
    assert metrics.class_figures(p, least_confidence=0.7)["bad_fraction"] == 0.25


def test_without_a_good_sample_divergences_are_the_largest():
    found = metrics.class_figures(np.full((5, 4), 0.25), train_shares=[0.1, 0.2, 0.3, 0.4])
    assert found["classes_covered"] == 0 and "kl_bias_good" not in found
    assert found["kl_uniform_good"] == pytest.approx(math.log(4))
    assert found["kl_train_good"] == pytest.approx(-math.log(0.1))


def test_the_bias_is_what_a_perfect_sampler_has():
    """And 0.0192 for the stacks of the papers."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(200):
        figures = metrics.class_figures(np.eye(20)[rng.integers(20, size=1000)])
        found.append(figures["kl_uniform"])
    spread = np.std(found) / np.sqrt(len(found))
    assert np.mean(found) == pytest.approx(figures["kl_bias"], abs=4 * spread + 1e-4)
    assert figures["kl_bias"] == pytest.approx(19 / 2000)


@pytest.mark.parametrize("call", [metrics.inception_score, metrics.class_figures])
@pytest.mark.parametrize(
    ("p", "message"),
    [
        (np.ones(3), r"probabilities must have shape \(N >= 1, K >= 1\); got \(3,\)"),
        (np.ones((0, 3)), r"got \(0, 3\)"),
        ([[2.0, -1.0]], "probabilities must have rows of probabilities.*entries from -1"),
        ([[0.4, 0.4]], "sums from 0.8 to 0.8"),
        ([[np.nan, 1.0]], "probabilities must have rows"),
    ],
)
def test_what_is_no_probability_is_refused(call, p, message):
    with pytest.raises(ValueError, match=message):
        call(p)


def test_other_refusals():
    p, train = some()
    with pytest.raises(ValueError, match=r"splits must be in 1\.\.60, .* got 61"):
        metrics.inception_score(p, splits=61)
    with pytest.raises(ValueError, match="form must be one of che2017, xu2018; got 'che'"):
        metrics.mode_score(p, train, form="che")
    with pytest.raises(ValueError, match="train_shares must be 7 shares above 0"):
        metrics.mode_score(p, train[:6])
    with pytest.raises(ValueError, match=r"least_confidence must be in \[0, 1\]; got 75"):
        metrics.class_figures(p, least_confidence=75)
