import pytest


@pytest.fixture(scope="session")
def classifier_cache(tmp_path_factory):
    """A cache folder of the tests' own, so that the classifier is trained once, and here."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_IIDGAN_CACHE", str(folder))
        yield folder
