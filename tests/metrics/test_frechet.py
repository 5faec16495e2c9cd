import numpy as np
import pytest
from scipy import linalg

from keras_iidgan import metrics
from keras_iidgan.tfgan_shim import tfgan


def features(n=200, dim=5, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, dim)) @ rng.normal(size=(dim, dim)) + 3 * rng.normal(size=dim)


def moments(x):
    return metrics.FeatureMoments(x.shape[1]).update(x)


def test_chunks_give_the_moments_of_all_rows():
    x = features() + 1e4  # Far from 0, where squares of raw values would lose all digits.
    found = metrics.FeatureMoments(5)
    for part in np.array_split(x, [1, 7, 7, 150]):
        found.update(part)
    assert found.count == 200
    np.testing.assert_allclose(found.mean, x.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.covariance, np.cov(x.T), rtol=1e-9)


def test_merged_accumulators_are_one_that_saw_all(tmp_path):
    x = features()
    merged = moments(x[:30]).merge(moments(x[30:])).merge(metrics.FeatureMoments(5))
    merged.save(tmp_path / "folder" / "kept.npz")
    again = metrics.FeatureMoments.load(tmp_path / "folder" / "kept.npz")
    assert [p.name for p in (tmp_path / "folder").iterdir()] == ["kept.npz"]
    for found in (merged, again):
        assert found.count == 200
        np.testing.assert_allclose(found.mean, x.mean(axis=0))
        np.testing.assert_allclose(found.covariance, np.cov(x.T))
    np.testing.assert_allclose(again.update(x[:9]).mean, np.concatenate([x, x[:9]]).mean(axis=0))


def test_files_that_are_no_moments_are_refused(tmp_path):
    path = tmp_path / "file.npz"
    for content in (b"", b"no archive"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"path must be a file of moments; got .*file\.npz"):
            metrics.FeatureMoments.load(path)
    np.savez(path, mean=np.zeros(3))
    with pytest.raises(ValueError, match="path must be a file of moments"):
        metrics.FeatureMoments.load(path)
    np.savez(path, count=3, mean=np.zeros(3), squares=np.eye(2))
    with pytest.raises(ValueError, match="path must be a file of moments"):
        metrics.FeatureMoments.load(path)
    with pytest.raises(FileNotFoundError):
        metrics.FeatureMoments.load(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((4, 3)), r"features must have shape \(N, 5\); got \(4, 3\)"),
        (np.zeros(5), r"got \(5,\)"),
        (np.full((1, 5), np.nan), "features must be finite"),
    ],
)
def test_features_that_do_not_fit_are_refused_and_change_nothing(x, message):
    found = moments(features())
    with pytest.raises(ValueError, match=message):
        found.update(x)
    assert found.count == 200 and np.isfinite(found.covariance).all()


def test_frechet_distance_by_the_matrix_root():
    (m1, c1), (m2, c2) = ((x.mean(axis=0), np.cov(x.T)) for x in (features(), features(seed=1)))
    expected = np.sum((m1 - m2) ** 2) + np.trace(c1 + c2 - 2 * linalg.sqrtm(c1 @ c2).real)
    assert metrics.frechet_distance(m1, c1, m2, c2) == pytest.approx(expected)
    assert metrics.frechet_distance(m2, c2, m1, c1) == pytest.approx(expected)


def test_closed_forms():
    zero, shift = np.zeros(3), np.array([1.0, 2.0, 2.0])
    eye = np.eye(3)
    assert metrics.frechet_distance(zero, 4 * eye, shift, 9 * eye) == pytest.approx(9 + 3 * 1)
    one, other = np.diag([1.0, 4.0, 0.0]), np.diag([9.0, 4.0, 25.0])
    assert metrics.frechet_distance(zero, one, zero, other) == pytest.approx(4 + 0 + 25)
    assert metrics.frechet_distance(shift, one, shift, one) == pytest.approx(0, abs=1e-12)


def test_a_singular_covariance_is_no_danger():
    x, y = features(3, 20), features(4, 20, seed=1)
    c1, c2 = np.cov(x.T), np.cov(y.T)
    found = metrics.frechet_distance(x.mean(axis=0), c1, y.mean(axis=0), c2)
    # Of few rows the cross term is the nuclear norm of the rows' own products.
    a, b = ((r - r.mean(axis=0)) / np.sqrt(len(r) - 1) for r in (x, y))
    cross = np.linalg.norm(a @ b.T, "nuc")
    means = np.sum((x.mean(axis=0) - y.mean(axis=0)) ** 2)
    assert found == pytest.approx(means + np.trace(c1) + np.trace(c2) - 2 * cross)


def test_fid_is_that_of_tf_gan():
    x, y = features(), features(300, seed=1)
    expected = tfgan().eval.frechet_classifier_distance_from_activations(
        y.astype(np.float32), x.astype(np.float32)
    )
    found = metrics.fid(moments(x), moments(y))
    assert found["fid"] == pytest.approx(float(expected), rel=1e-3)
    assert (found["fid_samples"], found["fid_reference_samples"]) == (200, 300)


def test_the_floor_is_what_a_perfect_sampler_has():
    rng, scale = np.random.default_rng(0), np.array([2, 2, 1.5, 1.5, 1, 1, 1, 0.5, 0])
    found = []
    for _ in range(150):
        real, made = (moments(rng.normal(size=(n, 9)) * scale) for n in (4000, 1000))
        found.append(metrics.fid(made, real))
    values, floors = ([each[name] for each in found] for name in ("fid", "fid_floor"))
    spread = np.std(values) / np.sqrt(len(values))
    assert np.mean(values) == pytest.approx(np.mean(floors), abs=4 * spread)
    assert spread < 0.06 * np.mean(floors)  # Else the line above would say little.


def test_too_few_samples_are_warned_of():
    with pytest.warns(UserWarning, match="FID of 5 generated samples with 5 features is biased"):
        metrics.fid(moments(features(5)), moments(features(50)))
    with pytest.raises(ValueError, match="covariance needs at least 2 rows; got 1"):
        metrics.fid(moments(features(1)), moments(features(50)))
    with pytest.raises(ValueError, match="generated must have the 4 features of the reference; go"):
        metrics.fid(moments(features(9, 5)), moments(features(9, 4)))


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"means must be \[D\] and covariances \[D, D\]"):
        metrics.frechet_distance(np.zeros(3), np.eye(3), np.zeros(3), np.eye(2))
    with pytest.raises(ValueError, match="must be finite"):
        metrics.frechet_distance(np.zeros(2), np.eye(2), np.array([np.nan, 0]), np.eye(2))
