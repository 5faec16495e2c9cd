"""A real export over every way in: one seed is one code and one sample."""

import numpy as np
import pytest

SEEDS = np.array([7, -1, 2**40, 7], np.int64)


@pytest.fixture(scope="module")
def exported(make_model, tmp_path_factory):
    """A model, its export as a servable, and the folder of that."""
    from keras_iidgan import export, warmup
    from keras_iidgan.serving.loading.engine import SavedModel

    model = make_model("iidgan", run_eagerly=True)
    with pytest.MonkeyPatch.context() as patch:
        # The check loads the export in another process; the engine below is check enough.
        patch.setattr(export, "_check", lambda at, _, feeds, name: warmup.write(at, name, feeds))
        version = export.export(model, tmp_path_factory.mktemp("export") / "model")
    return model, SavedModel(version), version


def test_a_seed_gives_the_same_over_rest_grpc_and_python(exported):
    import rpc_toys
    import toys

    from keras_iidgan import signatures
    from keras_iidgan.serving import Client
    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rest.app import RestApp

    model, servable, _ = exported
    models = Models()
    models.add("model", servable)
    with rpc_toys.serve(models) as stubs, toys.serve(RestApp(models)) as port:
        by_rpc = stubs.predict({"seed": SEEDS}, "sample", "model")
        client = Client(f"http://127.0.0.1:{port}", model="model")
        x, z = client.sample(SEEDS, return_z=True)
        inverted = stubs.predict({"x": by_rpc["x"]}, "invert", "model")["z"]
        np.testing.assert_array_equal(client.invert(x), inverted)
    np.testing.assert_array_equal(by_rpc["z"], z)
    np.testing.assert_array_equal(by_rpc["x"], x)
    np.testing.assert_array_equal(z, signatures.latents_of(SEEDS, model.latent_dim))
    np.testing.assert_allclose(x, model.generate(z), atol=1e-5)
    np.testing.assert_allclose(inverted, model.invert(x), atol=1e-5)


def test_all_signatures_of_the_export_answer_their_warm_up_requests(exported):
    import rpc_toys
    from tensorflow_serving.apis import prediction_log_pb2

    from keras_iidgan.serving import curl
    from keras_iidgan.serving.loading import tf_records, warmup
    from keras_iidgan.serving.registry.models import Models

    _, servable, version = exported
    models = Models()
    models.add("model", servable)
    asked = set()
    with rpc_toys.serve(models) as stubs:
        for record in tf_records.read(version / warmup.FILE):
            log = prediction_log_pb2.PredictionLog.FromString(record)
            name, inputs = warmup.request(log)
            found = stubs.predict(inputs, name, "model")
            assert found.keys() == servable.signatures[name].outputs.keys()
            assert all(len(value) for value in found.values())
            asked.add(name)
    assert asked == set(curl.public(servable.signatures))


def test_a_seed_gives_the_same_in_a_batch_and_alone(exported):
    import concurrent.futures

    from keras_iidgan.serving.batching.config import BatchingParameters
    from keras_iidgan.serving.batching.servable import Batched

    _, servable, _ = exported
    batched = Batched(servable, BatchingParameters(max_batch_size=8, allowed_batch_sizes=(4, 8)))
    seeds = [np.array([seed]) for seed in range(32)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda seed: batched.run("sample", {"seed": seed}), seeds))
    for seed, outputs in zip(seeds, found, strict=True):
        alone = servable.run("sample", {"seed": seed})
        np.testing.assert_array_equal(outputs["z"], alone["z"], strict=True)
        # How a product of matrices is summed may depend on the number of rows.
        np.testing.assert_allclose(outputs["x"], alone["x"], atol=1e-6)
