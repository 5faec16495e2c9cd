"""A conditional run from the command line to the server: trained, exported, one class sampled."""

import json

import numpy as np
import pytest

from keras_iidgan import cli, export, flags, train


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The folder of a short run on digits, and of its export."""
    folder = tmp_path_factory.mktemp("conditional")
    argv = ["train", "--method=iid_cgan", "--dataset=digits", "--latent_dim=4", "--steps=4"]
    argv += ["--eval_every=2", "--eval_samples=50", "--batch_size=32", "--ema=0.5"]
    argv += [f"--run_dir={folder / 'run'}", f"--export_dir={folder / 'digits'}"]
    with pytest.raises(SystemExit) as caught:
        cli.run(train.main, flags.define_train, argv)
    assert caught.value.code == 0
    return folder


def test_the_run_logs_the_label_term_and_draws_its_pictures(versions):
    records = [json.loads(x) for x in (versions / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [r["step"] for r in records] == [2, 4]
    assert all(np.isfinite(r["generator_label"]) for r in records)
    assert (versions / "run" / "pictures" / "reconstructions.png").exists()


def test_a_server_samples_the_class_that_is_asked_for_and_names_the_one_it_sees(versions):
    seeds, labels = np.array([5, 5, 6], np.int64), np.array([0, 9, 9], np.int64)
    x = np.zeros([2, 8, 8], np.float32)
    found = export.run_without_keras(
        versions / "digits" / "1",
        {
            "sample|seed": seeds,
            "sample|label": labels,
            "invert|x": x,
            "score|x": x,
            "score|label": labels[:2],
            "reconstruct|x": x,
        },
    )
    np.testing.assert_array_equal(found["sample|label"], labels)
    np.testing.assert_array_equal(found["sample|z"][0], found["sample|z"][1])
    assert np.abs(found["sample|x"][0] - found["sample|x"][1]).max() > 1e-4
    assert found["invert|z"].shape == (2, 4) and found["invert|probability"].shape == (2, 10)
    np.testing.assert_array_equal(found["invert|label"], found["invert|probability"].argmax(axis=1))
    np.testing.assert_array_equal(found["reconstruct|label"], found["invert|label"])
    assert found["score|logit"][0] != found["score|logit"][1]
