"""Run signatures of a SavedModel as TensorFlow Serving does: V1 loader, Session, no Keras.

python -m keras_iidgan.v1_run SAVED_MODEL IN OUT.npz

IN is an .npz file of `signature|input` arrays, or a file of warm-up records.
"""

import collections
import os
import sys

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def main(path, source, result):
    """Feed every `signature|input` of `source`, write every `signature|output` to `result`."""
    sys.modules["keras"] = None  # An import of Keras, however deep, fails from here on.
    import tensorflow as tf

    v1 = tf.compat.v1
    feeds, outputs = _feeds(source), {}
    with v1.Session(graph=tf.Graph()) as session:
        signatures = v1.saved_model.load(session, ["serve"], path).signature_def
        for name, inputs in feeds.items():
            signature = signatures[name]
            feed = {signature.inputs[alias].name: value for alias, value in inputs.items()}
            fetch = {alias: info.name for alias, info in signature.outputs.items()}
            for alias, value in session.run(fetch, feed).items():
                outputs[f"{name}|{alias}"] = value
    np.savez(result, **outputs)


def _feeds(source):
    """Read `{signature: {input: array}}`."""
    from keras_iidgan import warmup

    feeds = collections.defaultdict(dict)
    for key, value in (_arrays(source) if source.endswith(".npz") else warmup.read(source)).items():
        name, alias = key.split("|")
        feeds[name][alias] = value
    return feeds


def _arrays(source):
    with np.load(source, allow_pickle=True) as arrays:  # Strings, which the caller wrote.
        return dict(arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
