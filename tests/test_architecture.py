"""What the parts of the package may import, and where flags are defined."""

import ast
import pathlib

import pytest

import keras_iidgan
from keras_iidgan import cli, flags, methods
from keras_iidgan import data as datasets
from keras_iidgan.run_config import run_config

PACKAGE = pathlib.Path(keras_iidgan.__file__).parent
CONFIGS = sorted((PACKAGE.parent / "configs").glob("*.flags"))

# The parts of ours that a part may import besides itself.
ALLOWED = {
    "losses": {"tfgan_shim"},
    "networks": {"checks"},
    "data": set(),
    "metrics": set(),
    "diagnose": {"data", "diagnostics"},
    "diagnostics": {"metrics"},
    "keras_metrics": {"checks"},
    "features": {"data", "tfgan_shim"},
    "evaluation": {"data", "features", "metrics"},
    "plots": set(),
    "reporting": {
        "__version__",
        "cli",
        "diagnose",
        "diagnostics",
        "evaluation",
        "features",
        "files",
        "image_pictures",
        "plots",
        "point_pictures",
    },
    "latent_codes": set(),
    "class_pictures": {"plots"},
    "image_pictures": {"class_pictures", "latent_codes", "plots"},
    "point_pictures": {"plots"},
    "callbacks": {"diagnostics", "image_pictures", "plots", "point_pictures"},
    "training": {"cli", "files"},
    "regularizer": {"checks", "losses", "training"},
    "methods": {"checks", "losses", "networks", "regularizer", "training"},
    "serving": set(),
    "cli": set(),
    "files": {"cli"},
    "optimizer_flag": {"cli", "training"},
    "run_config": {"cli", "optimizer_flag"},
    "flags": {"run_config"},
    "rundir": {"cli", "files", "run_config"},
    "signatures": set(),
    "warmup": {"serving"},
    "v1_run": {"warmup"},
    "export_check": {"signatures"},
    "client_command": {"cli", "data", "files", "plots", "serving"},
    "transport": {"cli", "serving"},
    "http_server": {"cli"},
    "serve_models": {"cli", "serving"},
    "serve_options": {"cli", "serving"},
}


def modules(part):
    """The files of a part, without a `__main__.py`: a command wires parts, as `serve.py` does."""
    folder = PACKAGE / part
    found = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    return [path for path in found if path.name != "__main__.py"]


def imported(tree):
    """The dotted names that a module imports, at its top or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_of_ours(path):
    names = imported(ast.parse(path.read_text()))
    return {name.split(".")[1] for name in names if name.split(".")[0] == "keras_iidgan"}


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_go_one_way(part):
    for path in modules(part):
        foreign = parts_of_ours(path) - {part} - ALLOWED[part]
        assert not foreign, f"{path.relative_to(PACKAGE)} imports {sorted(foreign)}"


def test_flags_are_defined_in_one_package():
    for path in PACKAGE.rglob("*.py"):
        names = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
        }
        defines = {name for name in names if name.startswith("DEFINE_")}
        assert not defines or path.parent == PACKAGE / "flags", path


def parsed(path):
    from absl import flags as absl_flags

    values = absl_flags.FlagValues()
    flags.define_train(values)
    values(["train", *cli.expand_flagfiles([f"--flagfile={path}"])])
    return run_config(values)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_configuration_parses_to_known_names(path):
    config = parsed(path)
    assert config.method in methods.names()
    assert config.dataset in datasets.names()
    assert set(config.hparam) <= set(methods.hparams(config.method))
    if config.std is not None:
        assert config.std in datasets.presets(config.dataset)
    # A name is METHOD_DATASET, and what else tells configurations of the two apart.
    named = [name for name in methods.names() if path.stem.startswith(f"{name}_")]
    if named:
        assert path.stem.startswith(f"{config.method}_{config.dataset}")


def test_there_are_configurations():
    assert {"iidgan_ring", "iidgan_grid", "gan_ring", "gan_grid"} <= {p.stem for p in CONFIGS}


WITHOUT_TFX = {"settings", "decoding", "reading", "samples", "sources", "retries", "trainer"} | {
    *("writing", "exported", "thresholds", "judging", "options", "pipeline", "__init__")
}


def test_only_components_and_what_wires_them_need_tfx():
    for path in (PACKAGE / "tfx").glob("*.py"):
        needs = {name for name in imported(ast.parse(path.read_text())) if name.startswith("tfx.")}
        assert not needs or path.stem not in WITHOUT_TFX, (path.name, sorted(needs))
    assert WITHOUT_TFX < {path.stem for path in (PACKAGE / "tfx").glob("*.py")}
