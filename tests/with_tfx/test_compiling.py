"""What is compiled for Kubeflow Pipelines, and what isn't compiled."""

import importlib.util
import json

import pytest
import running

from keras_iidgan.cli import UsageError

_HAS_KFP = importlib.util.find_spec("kfp") is not None


def compiled(folder, *more):
    (folder / "ring.flags").write_text("--dataset=ring\n--steps=7\n--hparam=gaussian=w2\n")
    code = running.run(
        "--runner=kubeflow",
        f"--config={folder / 'ring.flags'}",
        "--serving_dir=gs://bucket/served/ring",
        "--pipeline_root=gs://bucket/root",
        f"--out={folder / 'pipeline.json'}",
        *more,
    )
    assert code == 0
    return json.loads((folder / "pipeline.json").read_text())


@pytest.mark.skipif(not _HAS_KFP, reason="needs the package kfp: pip install 'tfx[kfp]'")
@pytest.mark.parametrize("given", ["a data set", "examples"])
def test_every_step_runs_in_the_image_with_the_training_s_flags(tmp_path, given):
    source = {"a data set": "--dataset=ring", "examples": "--examples=gs://bucket/examples"}[given]
    found = compiled(tmp_path, "--image=example.org/gan:1", source)
    spec = found["pipelineSpec"]
    tasks = set(spec["root"]["dag"]["tasks"])
    first = {"a data set": "DatasetExampleGen", "examples": "ImportExampleGen"}[given]
    assert {first, "SchemaGen", "Trainer", "ModeCoverageEvaluator", "Pusher"} <= tasks
    containers = [
        each["container"]
        for each in spec["deploymentSpec"]["executors"].values()
        if "container" in each
    ]
    assert {each["image"] for each in containers} == {"example.org/gan:1"}
    trainer = json.dumps(spec["root"]["dag"]["tasks"]["Trainer"]["inputs"])
    assert "--hparam=gaussian=w2" in trainer and "keras_iidgan.tfx.trainer.run_fn" in trainer
    assert str(tmp_path) not in json.dumps(found), "a path of this machine is in it"


def test_an_image_must_be_named(tmp_path):
    with pytest.raises(UsageError, match="--runner=kubeflow needs --image"):
        compiled(tmp_path)
