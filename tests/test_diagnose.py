import dataclasses
import json

import numpy as np
import pytest

from keras_iidgan import data as datasets
from keras_iidgan import diagnose
from keras_iidgan.data.base import Assignment, Data
from keras_iidgan.features import Extractor

COUNT = 600


@dataclasses.dataclass
class Ring:
    """A generator of the ring whose codes say which mode: of z's angle, at z's radius within it."""

    data: Data
    modes: int = 8
    can_invert: bool = True

    def sample(self, count, seed=0):
        return self.generate(np.random.default_rng([seed, 99]).standard_normal((count, 2)))

    def generate(self, z):
        turn = np.arctan2(z[:, 1], z[:, 0]) / (2 * np.pi) % 1
        mode = np.floor(turn * 8).astype(int) % self.modes
        within = 2 * np.pi * (turn * 8 % 1)
        radius = np.linalg.norm(z, axis=1)
        apart = radius[:, None] * np.stack([np.cos(within), np.sin(within)], axis=1)
        return (self.data.centers[mode] + self.data.std * apart).astype(np.float32)

    def invert(self, x):
        mode = self.data.assign(x).mode
        apart = (x - self.data.centers[mode]) / self.data.std
        within = np.arctan2(apart[:, 1], apart[:, 0]) / (2 * np.pi) % 1
        turn = 2 * np.pi * (mode + within) / 8
        radius = np.linalg.norm(apart, axis=1)[:, None]
        return (radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)).astype(np.float32)


@pytest.fixture(scope="module")
def ring():
    return datasets.load("ring", seed=0, std="variance", size=2000)


@pytest.fixture(scope="module")
def complete(ring):
    return diagnose.diagnose(Ring(ring), ring, samples=COUNT)


def test_a_complete_model_is_green_and_its_codes_are_those_of_the_prior(complete):
    found = complete
    assert found.verdict.colour == "green", found.verdict
    assert found.verdict.coverage == 1 and not found.verdict.unanswered and not found.notes
    assert not [row.name for row in found.findings if row.matters]
    assert not found.coverage.lost and not found.reconstruction.lost
    assert found.rebuilt == pytest.approx(found.real, abs=1e-4)
    json.dumps([row.as_dict() for row in found.findings], allow_nan=False)
    assert found.features == "points" and len(found.real) == len(found.generated) == COUNT


def test_lost_modes_are_found_with_and_without_an_encoder(ring, complete):
    found = diagnose.diagnose(Ring(ring, 6), ring, samples=COUNT, clusters=complete.clusters)
    assert found.verdict.colour == "red" and len(found.verdict.lost) == 2
    assert found.verdict.coverage == pytest.approx(6 / 8, abs=0.05)
    lost = np.concatenate([group.members for group in found.coverage.lost])
    assert set(ring.assign(found.real[lost]).mode) == {6, 7}
    again = np.concatenate([group.members for group in found.reconstruction.lost])
    assert sorted(again) == sorted(lost)

    model = Ring(ring, 6, can_invert=False)
    without = diagnose.diagnose(model, ring, samples=COUNT, clusters=complete.clusters)
    assert without.codes is without.rebuilt is without.reconstruction is None
    assert without.verdict.coverage == found.verdict.coverage
    assert without.notes == ("no encoder: codes and reconstruction are left out",)
    expected = ("gaussian", "shape", "dimensions", "order", "unused")
    assert without.verdict.unanswered == expected


class Broken(Ring):
    """Samples of which a share isn't finite."""

    broken = 1.0

    def generate(self, z):
        x = super().generate(z)
        x[: round(self.broken * len(x))] = np.nan
        return x


def test_samples_that_are_not_finite_are_counted_and_left_out(ring, complete):
    model = Broken(ring)
    model.broken = 0.25
    found = diagnose.diagnose(model, ring, samples=COUNT, clusters=complete.clusters)
    assert found.findings["finite"].statistic == 0.75 and len(found.generated) == 0.75 * COUNT
    assert found.verdict.coverage == 1 and found.verdict.colour == "yellow"
    assert found.notes == ("reconstructions aren't finite: codes and reconstruction are left out",)
    model.broken = 1.0
    found = diagnose.diagnose(model, ring, samples=COUNT, clusters=complete.clusters)
    assert found.coverage is None
    json.dumps([row.as_dict() for row in found.findings], allow_nan=False)
    assert (found.verdict.coverage, found.verdict.colour) == (0, "red")


def bars(count, seed):
    """Images of a bright upper or left half, with noise."""
    rng = np.random.default_rng(seed)
    mode = rng.integers(2, size=count)
    x = np.full((count, 4, 4, 1), -0.8, np.float32)
    x[mode == 0, :2] = 0.8
    x[mode == 1, :, :2] = 0.8
    return (x + 0.03 * rng.standard_normal(x.shape)).astype(np.float32), mode


def seen(x):
    """Means of the four quarters."""
    return x.reshape(len(x), 2, 2, 2, 2).mean(axis=(2, 4)).reshape(len(x), 4), None


class Bars:
    can_invert = False

    def sample(self, count, seed=0):
        x, mode = bars(3 * count, seed + 5)
        return x[mode == 0][:count]


def bars_data():
    def assign(x):
        mode = (x[:, 0, 3, 0] < x[:, 3, 0, 0]).astype(np.int32)
        return Assignment(mode, np.ones(len(x), bool))

    train = np.rint(127.5 * (bars(300, 0)[0] + 1)).clip(0, 255).astype(np.uint8)
    return Data(
        name="bars",
        kind="images",
        train=train,
        test=bars(200, 1)[0].clip(-1, 1),
        num_modes=2,
        assign=assign,
        mode_weights=np.array([0.5, 0.5]),
        class_names=("upper", "left"),
    )


@pytest.mark.parametrize("extractor", [None, Extractor("quarters", "0", seen)])
def test_images_are_compared_by_pixels_or_features_and_clusters_named_by_mode(extractor):
    found = diagnose.diagnose(Bars(), bars_data(), samples=200, extractor=extractor)
    assert found.features == ("pixels" if extractor is None else "quarters")
    assert found.verdict.colour == "red"
    (lost,) = found.verdict.lost
    assert lost.endswith("most often left")
    assert found.verdict.coverage == pytest.approx(0.5, abs=0.1)
    assert found.generated.shape == (200, 4, 4, 1)


def test_a_method_of_ours_is_diagnosed(ring, complete, make_model):
    model = make_model("iidgan")
    data = dataclasses.replace(
        ring,
        train=np.pad(ring.train, [(0, 0), (0, 1)]),
        test=np.pad(ring.test, [(0, 0), (0, 1)]),
        centers=np.pad(ring.centers, [(0, 0), (0, 1)]),
    )
    found = diagnose.diagnose(model, data, samples=100)
    assert found.codes.shape == (100, 2) and found.verdict.colour == "red"


def test_too_few_samples_are_refused(ring):
    with pytest.raises(ValueError, match="samples and the test set must be at least 30; got 20"):
        diagnose.diagnose(Ring(ring), ring, samples=20)
