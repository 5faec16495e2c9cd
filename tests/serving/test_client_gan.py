"""Every method of the client over REST and gRPC, against the model in Python."""

import io

import numpy as np
import pytest
from PIL import Image

from keras_iidgan.serving import Client, ServingError

SEEDS = np.array([7, -1, 2**40, 7, 0])
LABELS = np.array([0, 1, 2, 1, 0])
SCHEMES = ("http", "grpc")


@pytest.fixture(scope="module", params=[(scheme, size) for scheme in SCHEMES for size in (None, 2)])
def client(request, urls):
    """A client of "digits" by each transport, with all rows at once and two by two."""
    scheme, size = request.param
    with Client(urls[scheme], model="digits", chunk=size) as client:
        yield client


@pytest.fixture(scope="module")
def model(digits):
    return digits[0]


@pytest.fixture(scope="module")
def x(model):
    """Images whose pixels are whole, as a file has them: [5, 6, 6]."""
    pixels = np.random.default_rng(0).integers(0, 256, (5, 6, 6)).astype(np.uint8)
    return pixels / np.float32(127.5) - 1


def close(found, want):
    assert found.dtype == (np.int64 if want.dtype.kind == "i" else np.float32)
    np.testing.assert_allclose(found, want, atol=1e-5)


def pictures(files):
    return np.stack([np.asarray(Image.open(io.BytesIO(file))) for file in files])


def test_samples_have_the_codes_of_their_seeds(client, model):
    from keras_iidgan import signatures

    x, z = client.sample(SEEDS, return_z=True, labels=LABELS)
    np.testing.assert_array_equal(z, signatures.latents_of(SEEDS, 2))
    close(x, model.generate(z, LABELS)[..., 0])
    np.testing.assert_array_equal(client.sample(SEEDS, labels=1)[1:2], x[1:2])


def test_images_come_as_files_too(client, model):
    z = model.latents(5, seed=1)
    x = client.generate(z, labels=LABELS)
    close(x, model.generate(z, LABELS)[..., 0])
    pixels = np.round((x + 1) * 127.5)
    np.testing.assert_array_equal(pictures(client.generate_png(z, labels=LABELS)), pixels)
    sampled = np.round((client.sample(SEEDS, labels=2) + 1) * 127.5)
    np.testing.assert_array_equal(pictures(client.sample_png(SEEDS, labels=2)), sampled)


def test_inversion_of_arrays_and_files(client, model, x, tmp_path):
    z, labels = client.invert(x, return_labels=True)
    close(z, model.invert(x[..., np.newaxis]))
    close(labels, model.classify(x[..., np.newaxis]).argmax(axis=1))
    close(client.classify(x), model.classify(x[..., np.newaxis]))
    np.testing.assert_array_equal(client.invert(x[..., np.newaxis]), z)
    path = tmp_path / "a.png"
    Image.fromarray(np.round((x[0] + 1) * 127.5).astype(np.uint8)).save(path)
    found, label = client.invert_png([path, str(path), path.read_bytes()], return_labels=True)
    close(found, np.repeat(z[:1], 3, axis=0))
    assert label.tolist() == [labels[0]] * 3


def test_reconstruction_score_and_refinement(client, model, x):
    rebuilt = client.reconstruct(x)
    close(rebuilt["x"], model.reconstruct(x[..., np.newaxis])[..., 0])
    close(rebuilt["error"], np.abs(x - rebuilt["x"]).mean(axis=(1, 2)))
    scores = client.score(x, labels=LABELS)
    close(scores["squared_norm"], (rebuilt["z"] ** 2).sum(axis=1))
    one_hot = np.eye(3, dtype=np.float32)[LABELS]
    close(scores["logit"], np.asarray(model.discriminator([x[..., np.newaxis], one_hot]))[:, 0])
    refined = client.invert_refined(x)
    assert refined.keys() == {"z", "x", "error", "error_before", "label"}
    assert (refined["error"] <= refined["error_before"]).all()
    close(refined["x"], model.generate(refined["z"], refined["label"])[..., 0])


def test_the_way_between_codes_and_images(client, model, x):
    z = model.latents(4, seed=3)
    way = client.interpolate(z[:2], z[2:], 5, labels=[1, 2])
    assert way["x"].shape == (2, 5, 6, 6)
    assert way["label"].tolist() == [[1] * 5, [2] * 5]
    close(way["z"][:, [0, -1]], np.stack([z[:2], z[2:]], axis=1))
    close(way["x"][:, 0], model.generate(z[:2], [1, 2])[..., 0])
    middle = client.interpolate(z[:2], z[2:], [[0.5], [1.0]], labels=[1, 2])
    close(middle["z"][0, 0], way["z"][0, 2])
    close(middle["z"][1, 0], z[3])
    between = client.interpolate_images(x[:2], x[2:4], [0, 1])
    close(between["z"][:, 0], model.invert(x[:2, ..., np.newaxis]))
    close(between["x"], model.reconstruct(x[[0, 2, 1, 3], ..., np.newaxis]).reshape(2, 2, 6, 6))


def test_examples(client, x):
    import tensorflow as tf

    pixels = np.round((x[..., np.newaxis] + 1) * 127.5).astype(np.uint8)
    examples = [
        tf.train.Example(
            features=tf.train.Features(
                feature={"image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[file]))}
            )
        )
        for file in tf.io.encode_png(pixels).numpy()
    ]
    found = client.examples([examples[0].SerializeToString(), *examples[1:]])
    close(found["z"], client.invert(x))
    close(found["probability"], client.classify(x))


def test_both_transports_say_the_same(urls):
    rest, rpc = (Client(urls[scheme], model="digits") for scheme in SCHEMES)
    with rpc:
        assert rest.status() == rpc.status()
        assert rest.metadata() == rpc.metadata()
        known = rpc.signatures()
        assert rest.signatures() == known
        assert known["sample"].outputs["x"].shape == (None, 6, 6)
        assert known["invert_png"].inputs["image_bytes"].dtype == "string"
        assert "__saved_model_init_op" not in known
        for inputs, name in (({"seed": [3], "label": [1]}, "sample"), ([[[0] * 6] * 6], "invert")):
            found, other = rest.predict(inputs, name), rpc.predict(inputs, name)
            assert found.keys() == other.keys()
            for alias in found:
                np.testing.assert_array_equal(found[alias], other[alias], strict=True)


def test_one_output_comes_alone_from_both(urls):
    for scheme in SCHEMES:
        with Client(urls[scheme], model="gan") as client:
            assert client.predict([[1, 3]], "invert").tolist() == [[0, 1]]
            assert client.predict(["a", b"\xff"], "picture").tolist() == [b"a", b"\xff"]
            assert client.invert([[1, 3]]).tolist() == [[0, 1]]


def test_an_answer_may_be_larger_than_grpc_allows_by_default(urls):
    with Client(urls["grpc"], model="gan") as client:
        (found,) = client.predict([bytes(5 << 20)], "picture")
    assert len(found) == 5 << 20


@pytest.mark.parametrize("scheme", SCHEMES)
def test_rows_beyond_the_servers_limit_go_in_chunks(urls, scheme):
    z = np.random.default_rng(0).standard_normal((10_001, 2)).astype(np.float32)
    with Client(urls[scheme], model="gan") as client:
        with pytest.raises(ServingError, match="400: Expecting at most 10000 rows but got: 10001"):
            client.generate(z)
    with Client(urls[scheme], model="gan", chunk=5000) as client:
        np.testing.assert_array_equal(client.generate(z), 2 * z + 1)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_the_model_does_not_have_is_said(urls, scheme):
    with Client(urls[scheme], model="gan") as client:
        with pytest.raises(ValueError, match="labels: expected none, for 'sample' takes none"):
            client.sample([1], labels=1)
        with pytest.raises(ValueError, match="inputs: expected int64 for 'seed', got float64"):
            client._transport.needs_types = True
            client.predict([0.5], "sample")
        for call in (client.classify, client.invert_refined):
            with pytest.raises(ServingError, match=r"'probability'|\"?invert_refined\"? not found"):
                call([[1, 2]])
