"""Run signatures of a SavedModel as TensorFlow Serving does: V1 loader, Session, no Keras.

python -m keras_iidgan.v1_run SAVED_MODEL IN.npz OUT.npz
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
    feeds = collections.defaultdict(dict)
    with np.load(source) as arrays:
        for key in arrays.files:
            name, alias = key.split("|")
            feeds[name][alias] = arrays[key]
    outputs = {}
    with v1.Session(graph=tf.Graph()) as session:
        signatures = v1.saved_model.load(session, ["serve"], path).signature_def
        for name, inputs in feeds.items():
            signature = signatures[name]
            feed = {signature.inputs[alias].name: value for alias, value in inputs.items()}
            fetch = {alias: info.name for alias, info in signature.outputs.items()}
            for alias, value in session.run(fetch, feed).items():
                outputs[f"{name}|{alias}"] = value
    np.savez(result, **outputs)


if __name__ == "__main__":
    main(*sys.argv[1:])
