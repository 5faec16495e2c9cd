"""Steps of several batches: which rows and which noise each repetition of a turn gets."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import methods
from keras_iidgan.methods.gan import GAN
from keras_iidgan.training import batch, pipeline, schedules
from keras_iidgan.training.batch import Turn


class Listener(GAN):
    """A GAN of three moves of D and two of G a step, which notes what each of them sees."""

    turns = (
        Turn("discriminator", updates=("discriminator",), repeats=3),
        Turn("generator", updates=("generator",), repeats=2),
    )

    def discriminator_loss(self, batch):
        return self.note("discriminator", batch, super().discriminator_loss(batch))

    def generator_loss(self, batch):
        return self.note("generator", batch, super().generator_loss(batch))

    def note(self, player, batch, terms):
        if not tf.inside_function():  # Once more while the terms are learnt.
            self.seen.append((player, batch.x.numpy(), self.draw_latents(batch).numpy(), terms))
        return terms


@pytest.fixture
def listener(small):
    model = Listener(generator=small("generator"), discriminator=small("discriminator"), ema=0.5)
    model.seen = []
    model.compile(keras.optimizers.SGD(0.1), run_eagerly=True, jit_compile=False)
    return model


def test_each_repetition_has_its_own_rows_and_shorter_turns_the_last_ones(listener, rows):
    x = rows(12)
    assert listener.batches_per_step == 3
    listener.train_on_batch(x)
    players, seen, _, _ = zip(*listener.seen, strict=True)
    assert players == ("discriminator",) * 3 + ("generator",) * 2
    for found, k in zip(seen, (0, 1, 2, 1, 2), strict=True):
        np.testing.assert_array_equal(found, x[4 * k : 4 * k + 4])


def test_no_noise_of_a_step_is_used_twice(listener, rows):
    listener.train_on_batch(rows(12))
    listener.train_on_batch(rows(12))
    draws = np.concatenate([z for _, _, z, _ in listener.seen])
    assert len(np.unique(draws, axis=0)) == len(draws) == 2 * 5 * 4


def test_a_logged_term_is_the_mean_over_the_repetitions_and_a_step_is_one(listener, rows):
    logs = listener.train_on_batch(rows(12), return_dict=True)
    for player in ("discriminator", "generator"):
        values = [float(t["adversarial"]) for p, _, _, t in listener.seen if p == player]
        assert len(set(values)) == len(values)
        assert logs[f"{player}_adversarial"] == pytest.approx(np.mean(values), rel=1e-6)
    assert int(listener.step.numpy()) == 1
    assert [int(o.iterations.numpy()) for o in listener.optimizers.values()] == [3, 2]


def test_a_bad_term_of_one_repetition_is_found(listener, rows):
    x = rows(12)
    x[5] = np.inf  # Of the second batch.
    listener.train_on_batch(x)
    assert listener.first_bad.found() == ("discriminator_adversarial", 1)


def test_labels_are_cut_with_their_rows():
    x, labels = tf.range(12.0), tf.range(12)
    parts = batch.split(x, labels, 3, pack=2)
    found = [part.labels.numpy().tolist() for part in parts]
    assert found == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert all((part.labels.numpy() == part.x.numpy()).all() for part in parts)


@pytest.mark.parametrize(
    ("count", "pack", "message"),
    [
        (5, 1, "multiple of 5, for 5 batches a step; got 8 rows"),
        (1, 3, "multiple of 3, for packs of 3; got 8 rows"),
        (3, 2, "multiple of 6, for 3 batches a step of packs of 2; got 8 rows"),
    ],
)
def test_rows_that_do_not_divide_are_refused(count, pack, message):
    with pytest.raises(ValueError, match=f"^batch_size of fit must be a {message}$"):
        batch.split(tf.zeros([8, 2]), None, count, pack)


@pytest.mark.parametrize(("name", "jit"), [("wgan_gp", True), ("pacgan", False)])
def test_rows_whose_number_only_a_running_step_knows_are_refused_alike(small, rows, name, jit):
    values = {"wgan_gp": {"critic_steps": 2}, "pacgan": {"pack": 2}}[name]
    shape = {"wgan_gp": (3,), "pacgan": (6,)}[name]
    model = methods.get(name)(
        generator=small("generator"), discriminator=small("discriminator", shape), **values
    )
    model.compile(jit_compile=jit)
    model.fit(rows(30), batch_size=20, verbose=0)  # 20 and 10: all is well.
    with pytest.raises(
        ValueError, match=r"^batch_size of fit must .*; got another number of rows$"
    ):
        model.fit(rows(29), batch_size=20, verbose=0)


def test_looped_steps_equal_single_ones(make_model, rows):
    dataset = pipeline.batches(rows(50), 4, per_step=2)
    values = {"critic_steps": 2, "ema": 0.5}
    single = make_model("wgan_gp", run_eagerly=True, **values)
    for x in itertools.islice(dataset, 6):
        single.train_on_batch(x)
    looped = make_model("wgan_gp", steps=3, jit=True, **values)
    looped.fit(dataset, steps_per_epoch=6, shuffle=False, verbose=0)
    assert int(looped.step.numpy()) == 6
    theirs = looped.state()
    for key, mine in single.state().items():
        np.testing.assert_allclose(mine, theirs[key], rtol=1e-3, atol=2e-5, err_msg=key)


def test_the_rows_of_a_step_are_those_of_as_many_steps_of_one_batch(rows):
    x = rows(10)
    single = itertools.islice(pipeline.batches(x, 4, seed=3, first_step=15), 120)
    whole = itertools.islice(pipeline.batches(x, 4, seed=3, first_step=5, per_step=3), 40)
    found = np.concatenate([element.numpy() for element in whole])
    np.testing.assert_array_equal(found, np.concatenate([element.numpy() for element in single]))


def test_a_schedule_counts_steps_and_not_updates():
    schedule = schedules.Slowed(schedules.Cosine([(0, 1.0), (10, 0.0)]), 5)
    inner = schedule.schedule
    for update, step in ((0, 0), (4, 0), (5, 1), (27, 5), (50, 10)):
        assert float(schedule(update)) == float(inner(step))
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(schedule))
    assert float(again(27)) == float(inner(5)) and again.repeats == 5


def test_players_of_different_repetitions_have_one_learning_rate(make_model, rows):
    optimizer = keras.optimizers.SGD(schedules.Cosine([(0, 0.1), (4, 0.02)]))
    model = make_model("wgan_gp", optimizer=optimizer, critic_steps=3, run_eagerly=True)
    for step in range(4):
        for player in ("discriminator", "generator"):
            expected = 0.2 + 0.8 * (1 + np.cos(np.pi * step / 4)) / 2
            assert float(model.relative_learning_rate(player)) == pytest.approx(expected, rel=1e-5)
            rate = float(model.optimizers[player].learning_rate)
            assert rate == pytest.approx(0.1 * expected, rel=1e-5)
        model.train_on_batch(rows(12))
