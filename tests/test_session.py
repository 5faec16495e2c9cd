"""What a run's step takes in, by its method."""

import itertools

import numpy as np
import pytest
from absl import flags as absl_flags

from keras_iidgan import describe, flags, session
from keras_iidgan.run_config import run_config


def prepared(*argv):
    values = absl_flags.FlagValues()
    flags.define_train(values)
    values(["train", "--dataset=ring", "--batch_size=8", "--seed=3", *argv])
    return session.prepare(run_config(values))


@pytest.mark.parametrize(
    ("argv", "rows"),
    [
        (["--method=gan"], 8),
        (["--method=wgan_gp"], 5 * 8),
        (["--method=sngan", "--hparam=critic_steps=3"], 3 * 8),
        (["--method=pacgan", "--hparam=pack=4"], 4 * 8),
    ],
)
def test_a_step_takes_a_batch_for_every_move_and_a_batch_counts_packs(argv, rows):
    run = prepared(*argv)
    whole = [x.numpy() for x in itertools.islice(run.batches(0), 4)]
    assert [x.shape for x in whole] == [(rows, 2)] * 4
    assert len(np.unique(np.concatenate(whole), axis=0)) == 4 * rows  # Of 100,000: all are fresh.
    for expected, found in zip(whole[2:], run.batches(2), strict=False):
        np.testing.assert_array_equal(found, expected)


def test_the_moves_of_a_step_are_described():
    last = describe.describe(prepared("--method=iid_wgan_gp")).splitlines()[-1]
    assert last == (
        "turns  discriminator updates discriminator, 5 times a step; "
        "generator updates generator, encoder"
    )
