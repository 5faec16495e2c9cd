"""GetModelMetadata, GetModelStatus and HandleReloadConfigRequest."""

import pytest
from rpc_toys import refused


@pytest.fixture(scope="module")
def reloaded():
    """The configurations that were asked for."""
    return []


@pytest.fixture(scope="module")
def stubs(toy, gan, reloaded):
    import rpc_toys

    from keras_iidgan.serving.errors import StatusError
    from keras_iidgan.serving.registry.models import Models

    def reload(config):
        if not config.model_config_list.config:
            raise StatusError("INVALID_ARGUMENT", "no models")
        reloaded.append(config)

    models = Models()
    models.add("toy", toy)
    models.add("gan", gan)
    models.fail("gan", 4, StatusError("DATA_LOSS", "broken"))
    with rpc_toys.serve(models, reload=reload) as stubs:
        yield stubs


def metadata_request(model, *fields):
    from tensorflow_serving.apis import get_model_metadata_pb2

    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=fields)
    request.model_spec.name = model
    return request


def test_metadata(stubs, toy):
    from google.protobuf import json_format
    from tensorflow_serving.apis import get_model_metadata_pb2

    response = stubs.prediction.GetModelMetadata(metadata_request("toy", "signature_def"))
    spec = response.model_spec
    assert (spec.name, spec.signature_name, spec.version.value) == ("toy", "", 7)
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    found = json_format.MessageToDict(
        signatures, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    assert found["signature_def"] == toy.metadata()
    call = stubs.prediction.GetModelMetadata
    assert refused(call, metadata_request("toy")) == (
        "INVALID_ARGUMENT",
        "GetModelMetadataRequest must specify at least one metadata_field",
    )
    found = refused(call, metadata_request("m", "signature_def", "a"))
    assert found == ("INVALID_ARGUMENT", "Metadata field a is not supported")
    assert refused(call, metadata_request("m", "signature_def"))[0] == "NOT_FOUND"


def test_status(stubs):
    from tensorflow_serving.apis import get_model_status_pb2

    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "gan"
    broken, good = stubs.model.GetModelStatus(request).model_version_status
    assert (broken.version, broken.state) == (4, broken.END)
    assert (broken.status.error_code, broken.status.error_message) == (15, "broken")
    assert (good.version, good.state, good.status.error_code) == (3, good.AVAILABLE, 0)
    request.model_spec.version_label = "unknown"
    assert len(stubs.model.GetModelStatus(request).model_version_status) == 2
    request.model_spec.version.value = 4
    assert len(stubs.model.GetModelStatus(request).model_version_status) == 1
    request.model_spec.version.value = 9
    found = refused(stubs.model.GetModelStatus, request)
    assert found == ("NOT_FOUND", "Could not find version 9 of model gan")


def test_reloading(stubs, reloaded):
    import rpc_toys
    from tensorflow_serving.apis import model_management_pb2

    from keras_iidgan.serving.registry.models import Models

    request = model_management_pb2.ReloadConfigRequest()
    assert refused(stubs.model.HandleReloadConfigRequest, request) == (
        "INVALID_ARGUMENT",
        "ServerModelConfig type not supported by HandleReloadConfigRequest."
        " Only ModelConfigList is currently supported",
    )
    request.config.model_config_list.SetInParent()
    found = refused(stubs.model.HandleReloadConfigRequest, request)
    assert found == ("INVALID_ARGUMENT", "no models")
    request.config.model_config_list.config.add(name="m", base_path="/m")
    assert stubs.model.HandleReloadConfigRequest(request).status.error_code == 0
    assert reloaded == [request.config]
    with rpc_toys.serve(Models()) as fixed:
        assert refused(fixed.model.HandleReloadConfigRequest, request)[0] == "UNIMPLEMENTED"
