import math

import numpy as np
import pytest

from keras_iidgan import metrics


def test_the_share_outside_three_sigma_has_its_closed_form_in_two_dimensions():
    assert metrics.low_quality_share(2) == pytest.approx(math.exp(-4.5))
    assert metrics.low_quality_share(2, radius=1) == pytest.approx(math.exp(-0.5))
    assert metrics.low_quality_share(1) == pytest.approx(math.erfc(3 / math.sqrt(2)))


def test_the_floors_of_points_are_those_of_a_perfect_sampler():
    stated = metrics.protocol(num_modes=8, samples=50_000, threshold=3, dim=2)
    quality = 1 - math.exp(-4.5)
    assert stated["perfect_high_quality"] == pytest.approx(quality)
    assert stated["perfect_reverse_kl"] == pytest.approx(quality * math.log(quality))
    # Integral of r^2/2 under the Rayleigh density up to 3: 1 - (1 + 9/2) exp(-9/2).
    cut = (1 - 5.5 * math.exp(-4.5)) / quality
    assert stated["perfect_std_ratio"] == pytest.approx(math.sqrt(cut))
    assert (stated["samples"], stated["threshold"], stated["radius"]) == (50_000, 3, 3.0)


def test_images_have_no_floor_of_quality():
    stated = metrics.protocol(num_modes=1000, samples=26_000)
    assert stated["bias_kl"] == pytest.approx(0.0192, abs=5e-5)
    assert not [key for key in stated if key.startswith("perfect")]


@pytest.mark.parametrize("low_quality", [None, 0.1])
def test_the_stated_bias_is_the_mean_divergence_of_a_perfect_sampler(low_quality):
    rng = np.random.default_rng(0)
    size, num_modes, trials = 400, 10, 400
    values = []
    for _ in range(trials):
        mode = rng.integers(num_modes, size=size)
        good = rng.random(size) >= (low_quality or 0)
        values.append(metrics.mode_metrics(mode, good, num_modes, low_quality=low_quality)["kl"])
    stated = metrics.protocol(
        num_modes=num_modes, samples=size, dim=None if low_quality is None else 2
    )
    # Four standard errors, and the next term of the expansion, of order (K / N)^2.
    tolerance = 4 * np.std(values) / math.sqrt(trials) + (num_modes / size) ** 2
    assert np.mean(values) == pytest.approx(stated["bias_kl"], abs=tolerance)
    assert tolerance < stated["bias_kl"] / 4


@pytest.mark.parametrize("name", ["num_modes", "samples", "threshold"])
def test_a_count_below_one_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1; got 0"):
        metrics.protocol(**({"num_modes": 2, "samples": 10, "threshold": 1} | {name: 0}))


def test_a_dimension_or_radius_out_of_range_is_refused():
    with pytest.raises(ValueError, match="dim must be at least 1; got 0"):
        metrics.low_quality_share(0)
    with pytest.raises(ValueError, match="radius must be a finite number above 0; got 0"):
        metrics.low_quality_share(2, radius=0)
