import math

import mixtures
import numpy as np
import pytest

from keras_iidgan import diagnostics


def test_what_is_brought_back_is_counted_as_pair_by_pair():
    rng = np.random.default_rng(0)
    x, of_each = rng.normal(size=(80, 2)), np.arange(80) % 3
    rebuilt = x + 0.5 * rng.normal(size=x.shape)
    found = diagnostics.diagnose_reconstruction(x, rebuilt, of_each, names=["a", "b", "c"], k=2)
    apart = [sorted(math.dist(a, b) for b in x)[2] for a in x]
    by_group = [[d for d, g in zip(apart, of_each, strict=True) if g == h] for h in range(3)]
    scale = [np.quantile(part, 0.99) for part in by_group]
    error = [math.dist(a, b) / scale[g] for a, b, g in zip(x, rebuilt, of_each, strict=True)]
    assert found.measure == pytest.approx(np.array(error))
    assert found.findings["rebuilt"].statistic == np.mean(np.array(error) <= 1)
    reached = {g.name: g.reached for g in found.groups}
    for name, group in zip("abc", range(3), strict=True):
        assert reached[name] == np.mean(np.array(error)[of_each == group] <= 1)


def test_modes_that_come_back_as_another_are_named_with_their_members():
    x, mode = mixtures.draw(np.random.default_rng(1), 1600)
    rebuilt = np.where(np.isin(mode, [0, 3])[:, None], mixtures.RING[5], x)
    found = diagnostics.diagnose_reconstruction(x, rebuilt)
    row = found.findings["lost_in_reconstruction"]
    assert row.matters and row.effect == np.isin(mode, [0, 3]).mean()
    places = sorted(name.split(" at ")[1] for name in row.details["lost"])
    assert places[0].startswith("(-1.4") and places[1] == "(2, 0)"
    members = np.concatenate([group.members for group in found.lost])
    assert sorted(members) == np.flatnonzero(np.isin(mode, [0, 3])).tolist()


def test_what_comes_back_within_its_clear_cluster_is_not_lost():
    rng = np.random.default_rng(1)
    x, mode = mixtures.draw(rng, 800)
    rebuilt = mixtures.RING[mode] + mixtures.STD * rng.normal(size=x.shape)
    found = diagnostics.diagnose_reconstruction(x, rebuilt, clusters=8)
    assert found.findings["rebuilt"].effect > 0.3 and not found.lost
    # Of classes that aren't clusters nobody knows whether half their extent is near.
    given = diagnostics.diagnose_reconstruction(x, rebuilt, mode)
    assert len(given.groups) == 8 and max(g.reached for g in given.groups) < 0.8


def test_the_worst_member_comes_first():
    x, mode = mixtures.draw(np.random.default_rng(1), 400)
    rebuilt = x.copy()
    rebuilt[7] += 100
    found = diagnostics.diagnose_reconstruction(x, rebuilt, mode)
    group = next(g for g in found.groups if g.name == f"group {mode[7]}")
    assert group.members[0] == 7 and not group.lost
    assert found.measure.argmax() == 7


def test_nothing_matters_where_all_comes_back():
    x, _ = mixtures.draw(np.random.default_rng(2), 800)
    found = diagnostics.diagnose_reconstruction(x, x, clusters=8)
    assert not found.lost and not any(f.matters for f in found.findings)
    same = np.ones((50, 3))
    assert diagnostics.diagnose_reconstruction(same, same).findings["rebuilt"].statistic == 1


@pytest.mark.parametrize(
    ("x", "rebuilt", "message"),
    [
        (np.zeros((0, 2)), np.zeros((0, 2)), "x must have shape"),
        (np.zeros((5, 2)), np.zeros((5, 2)), r"x must have shape \(N >= 6"),
        (np.zeros((9, 2)), np.zeros((8, 2)), "x_rebuilt must have the 9 rows of x; got 8"),
        (np.zeros((9, 2)), np.zeros((9, 3)), "x_rebuilt must have 2 values a sample; got 3"),
        (np.zeros((9, 2)), np.full((9, 2), np.inf), "x_rebuilt must be finite"),
    ],
)
def test_reconstructions_that_do_not_fit_are_refused(x, rebuilt, message):
    with pytest.raises(ValueError, match=message):
        diagnostics.diagnose_reconstruction(x, rebuilt)
