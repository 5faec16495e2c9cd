"""Warm-up records: run before a version is there, and a reason not to load it when they fail."""

import shutil
import sys

import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.loading import loader, tf_records, warmup


class Recorder:
    def __init__(self):
        self.calls = []

    def run(self, name, inputs):
        self.calls.append((name, {alias: value.tolist() for alias, value in inputs.items()}))


def record(name="", **inputs):
    log = prediction_log_pb2.PredictionLog()
    request = log.predict_log.request
    request.model_spec.signature_name = name
    for alias, value in inputs.items():
        request.inputs[alias].CopyFrom(tf.make_tensor_proto(value))
    return log.SerializeToString()


ROW = np.float32([[1, 2]])


@pytest.fixture
def version(gan_folder, tmp_path):
    """A function that gives a copy of a model its records, as TensorFlow writes them."""
    path = tmp_path / "3"
    shutil.copytree(gan_folder / "3", path)
    (path / "assets.extra").mkdir()

    def write(*records):
        with tf.io.TFRecordWriter(str(path / warmup.FILE)) as writer:
            for data in records:
                writer.write(data)
        return path

    return write


def test_every_record_is_run(version):
    path = version(record("invert", x=ROW), record(text=[b"\xff", b"a"]))
    recorder = Recorder()
    assert warmup.replay(recorder, path, iterations=2) == 2
    first, second = ("invert", {"x": [[1, 2]]}), ("", {"text": [b"\xff", b"a"]})
    assert recorder.calls == [first, first, second, second]
    assert warmup.replay(recorder, path.parent, iterations=0) == 0
    assert warmup.replay(Recorder(), path, iterations=0) == 2


def test_a_model_is_loaded_with_its_records(version):
    servable = loader.load(version(record("invert", x=ROW), record(z=ROW)))
    assert set(servable._callables) == {"invert", "serving_default"}
    servable.close()


def test_what_wraps_a_model_is_warmed_up(version):
    class Wrapped(Recorder):
        def __init__(self, servable, path):
            super().__init__()
            self.path, self.close = path, servable.close

    path = version(record("invert", x=ROW))
    servable = loader.load(path, wrap=Wrapped)
    assert (servable.path, servable.calls) == (path, [("invert", {"x": [[1, 2]]})])
    servable.close()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (record("nope", x=ROW), 'INVALID_ARGUMENT: Serving signature name: "nope" not found'),
        (record("invert", z=ROW), "INVALID_ARGUMENT: input size does not match signature"),
        (record("invert", x=np.ones((1, 3), np.float32)), "INVALID_ARGUMENT: .*expected shape"),
        (record("invert", x=np.int32([[1, 2]])), "INVALID_ARGUMENT: "),
        (b"\xff" * 8, "INVALID_ARGUMENT: Failed to parse warmup record"),
        (b"", "UNIMPLEMENTED: Unsupported log_type for warmup: none"),
    ],
    ids=["signature", "alias", "shape", "type", "bytes", "empty"],
)
def test_a_record_that_fails_ends_the_load(version, data, error, monkeypatch):
    closed = []
    close = loader.engine.SavedModel.close
    monkeypatch.setattr(
        loader.engine.SavedModel, "close", lambda self: (closed.append(1), close(self))
    )
    path = version(record("invert", x=ROW), data)
    with pytest.raises(StatusError, match=error):
        loader.load(path)
    assert closed == [1]
    loader.load(path, enable_model_warmup=False).close()


def test_other_kinds_of_records(version):
    log = prediction_log_pb2.PredictionLog()
    log.classify_log.SetInParent()
    with pytest.raises(StatusError, match=r"UNIMPLEMENTED: .*: classify_log"):
        warmup.replay(Recorder(), version(log.SerializeToString()))


def test_no_more_than_a_thousand(version):
    with pytest.raises(StatusError, match=r"exceeds the maximum \(1000\)"):
        warmup.replay(Recorder(), version(*[record()] * 1001))
    assert warmup.replay(Recorder(), version(*[record()] * 1000)) == 1000


@pytest.mark.parametrize("cut", [3, 11, 14, -1])
def test_files_that_are_cut_short(version, cut):
    path = version(record(x=ROW))
    file = path / warmup.FILE
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(StatusError, match=r"DATA_LOSS: truncated record at 0\. Please verify"):
        warmup.replay(Recorder(), path)


@pytest.mark.parametrize("place", [0, 7, 9, 13, -2])
def test_files_with_a_byte_that_is_wrong(version, place):
    path = version(b"first", b"second")
    data = bytearray((path / warmup.FILE).read_bytes())
    data[place] ^= 0x40
    (path / warmup.FILE).write_bytes(data)
    with pytest.raises(StatusError, match=r"corrupted record at (0|21)"):
        list(tf_records.read(path / warmup.FILE))


def test_a_length_that_is_a_lie_asks_for_no_memory(tmp_path):
    head = (2**62).to_bytes(8, "little")
    (tmp_path / "file").write_bytes(head + tf_records.masked_crc(head).to_bytes(4, "little"))
    with pytest.raises(StatusError, match="DATA_LOSS: truncated"):
        list(tf_records.read(tmp_path / "file"))


def test_without_the_messages_there_is_no_warm_up(version, monkeypatch, caplog):
    path = version(record("nope"))
    monkeypatch.setitem(sys.modules, "tensorflow_serving.apis", None)
    assert warmup.replay(Recorder(), path) == 0
    assert "is left out: it needs pip install" in caplog.text
