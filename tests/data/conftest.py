import pytest
import tfds_files


@pytest.fixture(scope="session")
def classifier_cache(tmp_path_factory):
    """A cache folder of the tests' own, so that the classifier is trained once, and here."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_IIDGAN_CACHE", str(folder))
        yield folder


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache folder for one test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def tfds_dir(tmp_path_factory):
    """A TensorFlow Datasets directory whose mnist is scikit-learn's digits, four times as large."""
    folder = tmp_path_factory.mktemp("tfds")
    tfds_files.write_mnist(folder)
    return folder
