"""An export of grey images of several classes, over REST: what every signature takes and gives."""

import base64
import io
import json

import keras
import numpy as np
import pytest
import server_process
import tensorflow as tf
import toys
from PIL import Image

from keras_iidgan import export, methods, warmup
from keras_iidgan.serving import Client, ServingError
from keras_iidgan.serving.loading.engine import SavedModel
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.rest.app import RestApp

SIDE = 6


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return methods.create("iid_cgan", data_shape=(SIDE, SIDE, 1), latent_dim=3, num_classes=4)


@pytest.fixture(scope="module")
def version(model, tmp_path_factory):
    return export.export(model, tmp_path_factory.mktemp("exports") / "faces", refine_steps=3)


@pytest.fixture(scope="module")
def servable(version):
    return SavedModel(version)


@pytest.fixture(scope="module")
def client(servable):
    models = Models()
    models.add("faces", servable)
    with toys.serve(RestApp(models)) as port:
        yield Client(f"http://127.0.0.1:{port}", model="faces")


def pixels(file):
    return np.asarray(Image.open(io.BytesIO(file)))


def as_pixels(x):
    return np.round((np.clip(x, -1, 1) + 1) * 127.5)


def test_every_signature_has_a_warm_up_record_that_runs(version, servable):
    feeds = warmup.read(version / warmup.FILE)
    names = {key.split("|")[0] for key in feeds}
    assert names == {name for name, s in servable.signatures.items() if s.inputs}
    assert {"sample_png", "invert_png", "interpolate_images", "invert_refined", "examples"} < names
    for name in names:
        inputs = {k.split("|")[1]: v for k, v in feeds.items() if k.split("|")[0] == name}
        for alias, value in servable.run(name, inputs).items():
            assert len(value) == 3, (name, alias)  # So that servers can batch.


def test_records_are_messages_of_tensorflow_serving(version):
    from tensorflow_serving.apis import prediction_log_pb2

    records = tf.data.TFRecordDataset(str(version / warmup.FILE)).as_numpy_iterator()
    logs = [prediction_log_pb2.PredictionLog.FromString(record) for record in records]
    assert {log.WhichOneof("log_type") for log in logs} == {"predict_log"}
    requests = [log.predict_log.request for log in logs]
    assert {request.model_spec.name for request in requests} == {"faces"}
    (sample,) = [r for r in requests if r.model_spec.signature_name == "sample"]
    assert {alias: tensor.dtype for alias, tensor in sample.inputs.items()} == {
        "seed": tf.int64.as_datatype_enum,
        "label": tf.int64.as_datatype_enum,
    }


def test_pictures_are_those_of_the_samples(client):
    seeds, labels = np.array([3, -4, 5]), np.array([0, 3, 1])
    x, z = client.sample(seeds, return_z=True, labels=labels)
    assert x.shape == (3, SIDE, SIDE)
    found = client.predict({"seed": seeds, "label": labels}, "sample_png")
    assert found["label"].tolist() == [0, 3, 1]
    np.testing.assert_allclose(found["z"], z, rtol=1e-6)
    drawn = client.predict({"z": z, "label": labels}, "generate_png")
    for i in range(3):
        for file in (found["image_bytes"][i], drawn[i]):
            assert np.abs(pixels(file) - as_pixels(x[i])).max() <= 1


def test_a_picture_is_inverted_as_its_sample_is(client):
    pictures = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE)).astype(np.uint8)
    files = [file.tobytes() for file in map(_png, pictures)]
    found = client.predict({"image_bytes": files}, "invert_png")
    x = pictures / np.float32(127.5) - 1
    np.testing.assert_allclose(found["z"], client.invert(x), atol=1e-4)
    np.testing.assert_allclose(client.invert(x[..., np.newaxis]), client.invert(x))
    assert found["probability"].shape == (2, 4)
    assert found["label"].tolist() == found["probability"].argmax(axis=1).tolist()


def _png(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getbuffer()


@pytest.mark.parametrize(
    ("signature", "inputs", "message"),
    [
        ("invert_png", {"image_bytes": [b"GIF89a"]}, "image_bytes must be PNG or JPEG files"),
        ("invert_png", {"image_bytes": [b"\x89PNG\r\n\x1a\n\xff\xfe"]}, "Invalid PNG"),
        ("examples", {"examples": [b"\xff\xfe"]}, "Could not parse example input"),
        ("sample_png", {"seed": [1], "label": [4]}, "label must be in 0..3"),
        ("invert", {"x": np.zeros([1, SIDE, SIDE + 1])}, "not compatible"),
    ],
)
def test_a_clients_mistake_is_answered_with_400(client, signature, inputs, message):
    with pytest.raises(ServingError, match=message) as caught:
        client.predict(inputs, signature)
    assert caught.value.status == 400


def test_a_position_outside_of_the_way_is_answered_with_400(client):
    z = np.zeros([1, 3])
    with pytest.raises(ServingError, match=r"t must be in \[0, 1\]") as caught:
        client.predict({"z0": z, "z1": z, "t": [[1.5]], "label": [0]}, "interpolate")
    assert caught.value.status == 400


def test_files_go_as_base64_in_json(client):
    def predict(signature_name, instance):
        body = json.dumps({"signature_name": signature_name, "instances": [instance]})
        (found,) = client._transport._request("POST", ":predict", body)["predictions"]
        return found

    found = predict("sample_png", {"seed": 1, "label": 2})
    assert pixels(base64.b64decode(found["image_bytes"]["b64"])).shape == (SIDE, SIDE)
    assert len(predict("invert_png", found["image_bytes"])["z"]) == 3


def test_refinement_lessens_the_error(client, model):
    x = model.sample(5, seed=3)[..., 0]
    found = client.predict({"x": x}, "invert_refined")
    assert found["x"].shape == x.shape
    assert (found["error"] < found["error_before"]).all()


def test_every_signature_conforms_over_rest(client, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(server_process.FOLDER))
    import conformance

    address = client.url.removesuffix("/v1/models/faces")
    code = conformance.main([f"--url={address}", "--model=faces"])
    out = capsys.readouterr().out
    assert code == 0, out
    assert {"passed  model   examples: rows", "passed  model   invert_png: shapes"} < set(
        out.splitlines()
    )


def test_without_the_messages_there_are_no_records_and_a_line_says_so(
    make_model, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(warmup, "is_possible", lambda: False)
    version = export.export(make_model("gan"), tmp_path)
    assert not (version / warmup.FILE).exists()
    assert capsys.readouterr().out == (
        "no warm-up records: they need the package tensorflow-serving-api (extra: serving)\n"
    )
