"""The registry of models and the folders of versions."""

import types

import pytest

from keras_iidgan.serving.errors import HTTP_STATUS, StatusError
from keras_iidgan.serving.registry import versions
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.registry.states import VersionStatus


def servable(version):
    return types.SimpleNamespace(version=version, close=lambda: None)


@pytest.fixture
def models():
    models = Models(labels={"m": {"stable": 2, "gone": 9}})
    for version in (2, 10):
        models.add("m", servable(version))
    models.fail("m", 11, StatusError("DATA_LOSS", "broken"))
    return models


def test_lookup(models):
    assert models.lookup("m").version == 10
    assert models.lookup("m", version=2).version == 2
    assert models.lookup("m", label="stable").version == 2
    models.remove("m", 10)
    assert models.lookup("m").version == 2


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"model": "n"}, "NOT_FOUND: Servable not found for request: Latest(n)"),
        (
            {"model": "m", "version": 11},
            "NOT_FOUND: Servable not found for request: Specific(m, 11)",
        ),
        (
            {"model": "m", "label": "gone"},
            "NOT_FOUND: Servable not found for request: Specific(m, 9)",
        ),
        ({"model": "m", "label": "x"}, "INVALID_ARGUMENT: Unrecognized servable version label: x"),
        ({"model": "n", "label": "x"}, "INVALID_ARGUMENT: Unrecognized servable version label: x"),
    ],
)
def test_lookup_errors(models, wanted, error):
    with pytest.raises(StatusError) as caught:
        models.lookup(**wanted)
    assert str(caught.value) == error


def test_status(models):
    assert models.status("m") == [
        VersionStatus(11, "END", "DATA_LOSS", "broken"),
        VersionStatus(10, "AVAILABLE"),
        VersionStatus(2, "AVAILABLE"),
    ]
    models.remove("m", 10)
    assert models.status("m", 10) == [VersionStatus(10, "END")]
    with pytest.raises(StatusError, match="Could not find any versions of model n"):
        models.status("n")
    with pytest.raises(StatusError, match="Could not find version 3 of model m"):
        models.status("m", 3)


def test_a_model_without_a_version_is_not_found():
    models = Models()
    models.fail("m", 1, StatusError("INTERNAL", ""))
    with pytest.raises(StatusError, match="Latest"):
        models.lookup("m")


def test_unknown_codes_are_refused():
    assert len(HTTP_STATUS) == 17
    with pytest.raises(ValueError, match=r"code: expected one of OK, .* got 'ODD'"):
        StatusError("ODD", "")


def test_versions(tmp_path):
    for name in ("007", "12", "12-tmp", "-1", "assets"):
        (tmp_path / name).mkdir()
    (tmp_path / "99").write_text("a file")
    assert versions.find(tmp_path) == {7: tmp_path / "007", 12: tmp_path / "12"}
    with pytest.raises(ValueError, match=r"whose highest version .*12 has no saved_model.pb"):
        versions.latest(tmp_path)
    (tmp_path / "12" / "saved_model.pb").touch()
    assert versions.latest(tmp_path) == (12, tmp_path / "12")
    with pytest.raises(ValueError, match=r"which holds saved_model.pb itself"):
        versions.find(tmp_path / "12")


def test_folders_without_versions(tmp_path):
    with pytest.raises(ValueError, match="which does not exist"):
        versions.find(tmp_path / "nope")
    with pytest.raises(ValueError, match="no integer folder but no folder at all"):
        versions.find(tmp_path)
    (tmp_path / "v1").mkdir()
    with pytest.raises(ValueError, match="no integer folder but v1"):
        versions.find(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="which is not a folder"):
        versions.find(tmp_path / "file")
