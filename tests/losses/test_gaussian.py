import math
import subprocess
import sys

import numpy as np
import pytest

from keras_iidgan.losses import gaussian
from keras_iidgan.losses.floors import small_batch_floor

MEAN, COV = np.array([3.0, 4.0]), np.diag([4.0, 9.0])


def test_names_are_all_that_the_caller_may_choose():
    assert set(gaussian.names()) == {
        *("p_norm", "w2", "kl_pq", "kl_qp", "w2_1d", "z_discriminator", "none")
    }
    assert len(gaussian.names()) == 7


@pytest.mark.parametrize("name", gaussian.GAUSSIAN)
def test_gaussian_loss_is_the_function_of_that_name(name):
    expected = getattr(gaussian, name)(MEAN, COV).numpy()
    assert gaussian.gaussian_loss(name)(MEAN, COV).numpy() == expected


def test_options_reach_the_loss():
    assert gaussian.gaussian_loss("p_norm", p=1)(MEAN, COV).numpy() == pytest.approx(18)
    assert gaussian.gaussian_loss("w2", root=True)(MEAN, COV).numpy() == pytest.approx(30**0.5)


def test_gaussian_loss_errors():
    with pytest.raises(ValueError, match=r"one of p_norm, w2, .*, none; got 'w3'"):
        gaussian.gaussian_loss("w3")
    for name in gaussian.WITHOUT_MOMENTS:
        with pytest.raises(ValueError, match=f"loss on moments, one of p_norm.*; got '{name}'"):
            gaussian.gaussian_loss(name)
    with pytest.raises(ValueError, match="options of w2 must be among: root; got 'p'"):
        gaussian.gaussian_loss("w2", p=2)
    with pytest.raises(ValueError, match="options of kl_pq must be among: none; got 'root'"):
        gaussian.gaussian_loss("kl_pq", root=True)


@pytest.mark.parametrize("name", gaussian.names())
def test_check_batch_accepts_more_codes_than_dimensions(name):
    least = 11 if name == "kl_pq" else 9
    gaussian.check_batch(name, batch_size=least, latent_dim=8)  # A warning would be an error.


@pytest.mark.parametrize("batch_size", [9, 10])
def test_check_batch_warns_where_the_floor_is_infinite(batch_size):
    with pytest.warns(UserWarning, match=f"infinite mean .*; got batch_size={batch_size}, latent"):
        gaussian.check_batch("kl_pq", batch_size, 8)
    assert small_batch_floor("kl_pq", batch_size, 8) == math.inf
    assert small_batch_floor("kl_pq", 11, 8) < math.inf


@pytest.mark.parametrize("name", gaussian.GAUSSIAN)
def test_one_code_has_no_moments(name):
    with pytest.raises(ValueError, match=f"batch_size must be at least 2 for gaussian={name}"):
        gaussian.check_batch(name, 1, 2)


@pytest.mark.parametrize("batch_size", [4, 8])
def test_check_batch_with_too_few_codes(batch_size):
    sizes = f"batch_size={batch_size}, latent_dim=8"
    for name in ("kl_pq", "kl_qp"):
        with pytest.raises(ValueError, match=f"gaussian={name} needs .*; got {sizes}") as caught:
            gaussian.check_batch(name, batch_size, 8)
        assert "\n" not in str(caught.value)
    for name in ("w2", "p_norm"):
        with pytest.warns(UserWarning, match=f"gaussian={name} needs .*; got {sizes}"):
            gaussian.check_batch(name, batch_size, 8)
    for name in ("w2_1d", "z_discriminator", "none"):
        gaussian.check_batch(name, batch_size, 8)


def test_check_batch_knows_its_names():
    with pytest.raises(ValueError, match=r"gaussian must be one of .*; got 'w3'"):
        gaussian.check_batch("w3", 100, 2)


def test_every_name_has_a_floor():
    for name in gaussian.names():
        assert small_batch_floor(name, 64, 2, draws=4) >= 0


def test_importing_the_losses_leaves_the_heavy_libraries_alone():
    heavy = "{'tensorflow_gan', 'tensorflow_probability', 'tf_keras', 'keras_iidgan.methods'}"
    code = f"import sys, keras_iidgan.losses; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
