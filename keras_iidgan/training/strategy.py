"""Which `tf.distribute` strategy a run uses."""

import json
import os

import tensorflow as tf

from keras_iidgan.cli import UsageError


def make(distribution):
    """Return the strategy that `--distribution` names, or None for a single device.

    Args:
        distribution: `none`; `mirrored`, all GPUs of this machine; `multi_worker`, the cluster
            that TF_CONFIG describes; or `auto`, which is `multi_worker` where TF_CONFIG is set,
            `mirrored` where there are several GPUs, and else `none`.

    Raises:
        UsageError: for `multi_worker` without a TF_CONFIG that describes a cluster.
    """
    if distribution == "auto":
        # Physical ones: naming the logical ones starts TensorFlow, too early for a cluster.
        several = len(tf.config.list_physical_devices("GPU")) > 1
        distribution = "mirrored" if several else "none"
        if os.environ.get("TF_CONFIG"):
            distribution = "multi_worker"
    if distribution == "multi_worker":
        if not os.environ.get("TF_CONFIG"):
            raise UsageError("--distribution=multi_worker needs TF_CONFIG in the environment")
        _check_cluster(os.environ["TF_CONFIG"])
        return tf.distribute.MultiWorkerMirroredStrategy()
    return tf.distribute.MirroredStrategy() if distribution == "mirrored" else None


def _check_cluster(text):
    """Refuse a TF_CONFIG in which a strategy would find no place for this process."""
    try:
        config = json.loads(text)
        task = config["task"]
        config["cluster"][task["type"]][int(task["index"])]
    except (ValueError, TypeError, KeyError, IndexError):
        raise UsageError(
            "TF_CONFIG must be JSON with a cluster and this process' task in it, as in "
            '{"cluster": {"worker": ["host:port", ...]}, "task": {"type": "worker", "index": 0}}; '
            f"got {text!r}"
        ) from None


def is_chief(strategy):
    """Return whether this process is the one that writes files."""
    resolver = getattr(strategy, "cluster_resolver", None)
    if resolver is None or not resolver.task_type:
        return True
    has_chief = "chief" in resolver.cluster_spec().jobs
    return resolver.task_type == ("chief" if has_chief else "worker") and resolver.task_id == 0


def check_batch_size(batch_size, strategy):
    """Refuse a global batch that the replicas can't share equally.

    Raises:
        UsageError: names the batch and the number of replicas.
    """
    replicas = strategy.num_replicas_in_sync if strategy else 1
    if batch_size % replicas:
        raise UsageError(
            f"--batch_size must be a multiple of the {replicas} replicas; got {batch_size}"
        )
