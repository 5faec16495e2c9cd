"""The watch on collapse: when it looks, what it says and keeps; that training stays the same."""

import json

import keras
import numpy as np
import pytest

from keras_iidgan.callbacks import CollapseMonitor, weights_file
from keras_iidgan.callbacks.spacing import Spacing

MODES = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0], [8.0, 8.0]])


def points(modes, count=400, seed=0):
    generator = np.random.default_rng(seed)
    mode = np.resize(modes, count)
    return MODES[mode] + 0.3 * generator.normal(size=(count, 2)), mode


class Generator:
    """Gives the samples of the next of several sets of modes at every call."""

    def __init__(self, *sets):
        self.sets, self.calls = list(sets), 0

    def __call__(self, count):
        modes = self.sets[min(self.calls, len(self.sets) - 1)]
        self.calls += 1
        return points(modes, count, seed=1)[0]


ALL, SOME, ONE = (0, 1, 2, 3), (0, 1, 2), (1,)


def monitored(sample, **options):
    real, mode = points(ALL)
    names = ("north", "east", "south", "west")
    return CollapseMonitor(
        real, sample, groups=mode, names=names, **{"every": 2, "budget": None, **options}
    )


def train(monitor, steps=8, epochs=1, model=None, steps_per_execution=1, listed=()):
    """Fit a model that isn't ours, on batches of 4."""
    if model is None:
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse", steps_per_execution=steps_per_execution)
    x = np.random.default_rng(0).normal(size=(4 * steps, 2))
    history = model.fit(
        x, x[:, :1], batch_size=4, epochs=epochs, verbose=0, callbacks=[monitor, *listed]
    )
    return model, history.history


def test_it_looks_at_every_multiple_of_steps_over_epochs():
    found = []
    train(monitored(Generator(ALL), every=3, record=found.append), steps=8, epochs=2)
    assert [each["step"] for each in found] == [3, 6, 9, 12, 15]


def test_a_call_of_many_steps_is_looked_at_once():
    found = []
    monitor = monitored(Generator(ALL), every=3, record=found.append)
    train(monitor, steps=16, steps_per_execution=8)
    assert [each["step"] for each in found] == [8, 16]


def test_light_and_coverage_join_the_logs():
    seen = []
    look = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(logs.get("collapse"))
    )
    _, history = train(monitored(Generator(ALL, SOME, ONE)), steps=6, epochs=1, listed=[look])
    assert seen == [None, 0, 0, 1, 1, 2]
    assert history["collapse"] == [2] and history["coverage"] == [0.25]


def test_lost_modes_are_named_once_two_looks_agree_and_again_when_they_change():
    said = []
    sets = (SOME, ALL, SOME, SOME, SOME, ONE, ONE, ALL, ALL, SOME, SOME)
    train(monitored(Generator(*sets), say=said.append), steps=22)
    assert said == [
        "step 8: the model doesn't reach west",
        "step 14: the model doesn't reach north, south, west",
        "step 22: the model doesn't reach west",
    ]


def test_by_default_a_warning_goes_to_the_errors(capsys):
    train(monitored(Generator(SOME)), steps=4)
    assert capsys.readouterr().err == "warning: step 4: the model doesn't reach west\n"


def test_patience_stops_a_collapsed_model_and_no_other():
    monitor = monitored(Generator(ONE, ONE, SOME, ONE, ONE, ONE), patience=3)
    model, _ = train(monitor, steps=20)
    assert monitor.step == 12 and model.stop_training
    assert monitor.stopped == "collapsed for 3 looks in a row, the last at step 12"
    monitor = monitored(Generator(ONE))
    train(monitor, steps=20)
    assert monitor.step == 20 and monitor.stopped is None


def test_the_best_weights_are_those_of_the_best_coverage(tmp_path):
    path = tmp_path / "kept" / "best.weights.h5"
    weights = {}
    snapshot = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: weights.setdefault(batch + 1, model.get_weights())
    )
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    monitor = monitored(Generator(ONE, SOME, ALL, SOME, ALL), save_best=weights_file(path))
    train(monitor, steps=10, model=model, listed=[snapshot])
    assert monitor.best["step"] == 6 and monitor.best["coverage"] == pytest.approx(1)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    model.load_weights(path)
    for kept, then, last in zip(model.get_weights(), weights[6], weights[10], strict=True):
        np.testing.assert_array_equal(kept, then)
        assert not np.array_equal(kept, last)


def test_weights_keep_the_name_that_keras_wants():
    with pytest.raises(ValueError, match=r"path must end in .weights.h5; got best.h5"):
        weights_file("best.h5")


def test_codes_are_those_of_the_real_rows():
    asked = []

    def invert(x):
        asked.append(x)
        return 3 + np.random.default_rng(0).normal(size=(len(x), 2))

    monitor = monitored(Generator(ALL), invert=invert)
    train(monitor, steps=2)
    np.testing.assert_array_equal(asked[0], points(ALL)[0])
    assert monitor.found["codes_mean"] == pytest.approx(3 * np.sqrt(2), rel=0.1)
    assert monitor.found["collapse"] == 1


def test_training_is_the_same_to_the_bit_with_and_without_it(make_model, rows):
    model = make_model("iidgan", ema=0.9, gaussian="w2_1d")
    start = {name: v.numpy() for name, v in model.state().items()}

    def trained(*listed):
        for name, variable in model.state().items():
            variable.assign(start.get(name, np.zeros(variable.shape)))
        model.fit(rows(160), batch_size=8, epochs=2, shuffle=False, verbose=0, callbacks=listed)
        return {name: v.numpy() for name, v in model.state().items()}

    looks = []
    monitor = CollapseMonitor(
        rows(100),
        lambda n: model.sample(n, seed=1),
        model.invert,
        every=3,
        budget=None,
        record=looks.append,
    )
    alone, watched = trained(), trained(monitor)
    assert len(looks) == 13 and alone["step"] == 40
    for name, value in alone.items():
        np.testing.assert_array_equal(watched[name], value, err_msg=name)


def test_what_was_best_and_the_reds_survive_another_process():
    first = monitored(Generator(ALL, ONE, ONE))
    train(first, steps=6)
    state = json.loads(json.dumps(first.state()))
    kept = []
    second = monitored(
        Generator(ONE), first_step=6, patience=3, save_best=lambda model: kept.append(second.step)
    )
    second.restore(state)
    train(second, steps=8)
    assert second.best["step"] == 2 and kept == []
    assert second.stopped == "collapsed for 3 looks in a row, the last at step 8"


def test_looks_after_the_step_that_is_gone_on_from_are_forgotten_but_for_the_best():
    first = monitored(Generator(ONE, ONE, ONE, ALL))
    train(first, steps=8)
    second = monitored(Generator(ONE), first_step=4, patience=3)
    second.restore(first.state())
    assert second.found is None and second.best["step"] == 8
    train(second, steps=6)
    assert second.stopped == "collapsed for 3 looks in a row, the last at step 10"


class Clock:
    """Seconds that only go on when they are told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def timed(step_seconds, look_seconds, steps, budget=0.02, every=1):
    """Train for `steps` with steps and looks of counted time; returns the steps looked at."""
    clock, found = Clock(), []

    def sample(count):
        clock.now += look_seconds(len(found))
        return points(ALL, count)[0]

    monitor = monitored(sample, every=every, budget=budget, clock=clock, record=found.append)
    monitor.on_epoch_begin(0)
    shares = []
    for batch in range(steps):
        monitor.on_train_batch_begin(batch)
        clock.now += step_seconds
        monitor.on_train_batch_end(batch, {})
        shares.append((monitor.spacing.own, clock.now - monitor.spacing.own))
    monitor.on_epoch_end(0, {})
    return [each["step"] for each in found], np.array(shares).T


def test_looks_space_themselves_out_to_the_share_of_the_time():
    steps, (own, training) = timed(1.0, lambda i: 3.0, 2000)
    # The first costs what nobody knew; the n-th comes when 0.02 * training reaches 3 n.
    assert steps == [1, *range(300, 1951, 150)]
    assert (own <= 0.02 * training + 3).all()
    assert own[-1] / training[-1] == pytest.approx(0.02, abs=0.001)


def test_cheap_looks_are_taken_at_every_multiple():
    assert timed(1.0, lambda i: 0.01, 100, every=10)[0] == list(range(10, 101, 10))


def test_without_a_budget_even_dear_looks_are_taken():
    assert timed(1.0, lambda i: 1000.0, 20, budget=None, every=5)[0] == [5, 10, 15, 20]


def test_a_look_that_takes_longer_is_made_up_for():
    steps, (own, training) = timed(1.0, lambda i: 60.0 if i == 1 else 0.005, 6010)
    assert steps[:2] == [1, 2]
    # Until the 60 s, and what might be 60 s more, are a fiftieth of the training.
    assert steps[2:4] == [6001, 6002]
    assert (own <= 0.02 * training + 60).all()


def test_what_is_not_ours_counts_for_neither():
    clock = Clock()
    spacing = Spacing(0.5, clock)
    spacing.start()
    clock.now += 10
    spacing.stop()
    clock.now += 1000  # Evaluation and pictures.
    spacing.start()
    clock.now += 10
    with spacing.beside():
        clock.now += 6
    assert (spacing.training, spacing.own) == (20, 6)
    assert not spacing.allows
    clock.now += 4
    assert spacing.allows
    assert Spacing(None).allows and spacing.share == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("every", 0, "every must be a whole number of at least 1; got 0"),
        ("patience", 0, "patience must be a whole number of at least 1; got 0"),
        ("budget", 0.0, r"budget must be in \(0, 1\] or None; got 0.0"),
        ("budget", 1.5, r"budget must be in \(0, 1\] or None; got 1.5"),
    ],
)
def test_what_makes_no_sense_is_refused(option, value, message):
    with pytest.raises(ValueError, match=message):
        monitored(Generator(ALL), **{option: value})
