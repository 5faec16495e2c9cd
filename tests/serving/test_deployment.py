"""The deployment files: each is well formed, and they agree with each other."""

import itertools
import json
import re

import pytest
import server_process
import yaml

FOLDER = server_process.FOLDER
BASE = FOLDER / "kubernetes" / "base"
OVERLAY = FOLDER / "kubernetes" / "object_store"
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".yml", ".yaml"))
IMAGE = re.compile(r"[a-z0-9./-]+:v?\d+\.\d+\.\d+")


class Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in a mapping, which YAML forbids and PyYAML lets pass."""

    def construct_mapping(self, node, deep=False):
        found = super().construct_mapping(node, deep)
        assert len(found) == len(node.value), node.start_mark
        return found


def load(path):
    return yaml.load(path.read_text(), Loader)


def flags(arguments):
    """`{flag: value}` of a command line."""
    return dict(argument.removeprefix("--").split("=", 1) for argument in arguments)


def manifests(folder):
    """`{kind: manifest}` of a folder's files."""
    found = [load(path) for path in sorted(folder.glob("*.yaml"))]
    return {manifest["kind"]: manifest for manifest in found}


def served_models():
    """`{name: base_path}` of models.config."""
    text = re.sub("#.*", "", (FOLDER / "models.config").read_text())
    return dict(re.findall(r'name: "(.*?)"\s+base_path: "(.*?)"', text))


@pytest.fixture(scope="module")
def compose():
    return load(FOLDER / "docker-compose.yml")


@pytest.fixture(scope="module")
def serving(compose):
    return compose["services"]["serving"]


@pytest.fixture(scope="module")
def base():
    return manifests(BASE)


@pytest.fixture(scope="module")
def container(base):
    (container,) = base["Deployment"]["spec"]["template"]["spec"]["containers"]
    return container


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_yaml(path):
    assert load(path)
    if path.parent in (BASE, OVERLAY):
        assert {"apiVersion", "kind"} <= load(path).keys()


def test_models_have_configurations_to_train_them():
    names = served_models()
    assert names.keys() == {"iidgan_ring", "iidgan_digits"}
    for name, path in names.items():
        assert path == f"/models/{name}"
        assert (FOLDER.parent / "configs" / f"{name}.flags").is_file()


def test_services_of_compose(compose):
    services = compose["services"]
    for service in services.values():
        assert IMAGE.fullmatch(service["image"])
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
        for published in service.get("ports", ()):
            assert "127.0.0.1" in published  # Nobody is asked who they are.
    monitoring = {name for name, service in services.items() if service.get("profiles")}
    assert monitoring == {"prometheus", "grafana", "cadvisor"}
    volumes = [service.get("volumes", ()) for service in services.values()]
    for volume in itertools.chain.from_iterable(volumes):
        if volume.startswith("./"):
            source, _, mode = volume.split(":")
            assert (FOLDER / source).exists()
            assert mode == "ro"


def test_the_server_of_compose(serving):
    assert (serving["read_only"], serving["cap_drop"]) == (True, ["ALL"])
    assert serving["user"].split(":")[0] != "0"
    ports = {published.rsplit(":", 1)[1] for published in serving["ports"]}
    command = flags(serving["command"])
    assert ports == {command["port"], command["rest_api_port"]} == {"8500", "8501"}
    assert "${MODELS:-../saved_models}:/models:ro" in serving["volumes"]
    (asked,) = re.findall("/v1/models/([^/ ]+)", serving["healthcheck"]["test"][-1])
    assert asked in served_models()


def test_every_file_of_the_command_is_mounted(serving, container, base):
    mounted = {volume.split(":")[1] for volume in serving["volumes"] if "config" in volume}
    named = {value for value in flags(serving["command"]).values() if value.startswith("/config/")}
    assert named == mounted
    assert {path.removeprefix("/config/") for path in named} == base["ConfigMap"]["data"].keys()
    assert container["args"] == serving["command"]
    assert container["command"] == serving["entrypoint"]
    assert container["image"] == serving["image"]
    assert {"name": "TF_CPP_MIN_LOG_LEVEL", "value": "1"} in container["env"]


def test_the_config_map_has_the_files(base):
    for name, text in base["ConfigMap"]["data"].items():
        assert text == (FOLDER / name).read_text()


def test_selectors_find_the_pods(base):
    deployment = base["Deployment"]["spec"]
    selector = deployment["selector"]["matchLabels"]
    assert selector.items() <= deployment["template"]["metadata"]["labels"].items()
    assert base["Service"]["spec"]["selector"] == selector
    assert base["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == selector
    target = base["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    name = base["Deployment"]["metadata"]["name"]
    assert target == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    assert "replicas" not in deployment  # It would undo what the autoscaler has set.


def test_ports_and_volumes_of_the_pod(base, container):
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"grpc": 8500, "rest": 8501}
    for port in base["Service"]["spec"]["ports"]:
        assert ports[port["targetPort"]] == port["port"]
    pod = base["Deployment"]["spec"]["template"]["spec"]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert volumes.keys() == {mount["name"] for mount in container["volumeMounts"]}
    claim = base["PersistentVolumeClaim"]["metadata"]["name"]
    assert volumes["models"]["persistentVolumeClaim"] == {"claimName": claim, "readOnly": True}
    assert volumes["config"]["configMap"]["name"] == base["ConfigMap"]["metadata"]["name"]


def test_the_pod_is_locked_down(base, container):
    pod = base["Deployment"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    fetch = manifests(OVERLAY)["Deployment"]["spec"]["template"]["spec"]["initContainers"]
    for each in (container, *fetch):
        assert IMAGE.fullmatch(each["image"])
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert each["resources"].keys() == {"requests", "limits"}
    read_only = {mount["name"] for mount in container["volumeMounts"] if mount.get("readOnly")}
    assert read_only == {"models", "config"}


def test_probes(container):
    paths = {
        name: container[name]["httpGet"]["path"] for name in ("startupProbe", "readinessProbe")
    }
    assert paths == {
        "startupProbe": "/v1/models/iidgan_ring",
        "readinessProbe": "/v1/models/iidgan_ring/metadata",
    }
    assert "iidgan_ring" in served_models()
    assert container["livenessProbe"]["tcpSocket"] == {"port": "rest"}


def test_kustomizations_name_their_files(base):
    listed = set(base["Kustomization"]["resources"])
    assert listed == {path.name for path in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    overlay = load(OVERLAY / "kustomization.yaml")
    assert (OVERLAY / overlay["resources"][0]).resolve() == BASE
    patches = {patch["path"] for patch in overlay["patches"]}
    assert patches == {path.name for path in OVERLAY.glob("*.yaml")} - {"kustomization.yaml"}
    for name in patches:
        patch = load(OVERLAY / name)
        patched = base[patch["kind"]]  # What isn't in the base can't be patched.
        assert patch["metadata"]["name"] == patched["metadata"]["name"]
        assert patch["apiVersion"] == patched["apiVersion"]


def test_prometheus_finds_the_server(compose, base):
    (path,) = re.findall('path: "(.*)"', (FOLDER / "monitoring.config").read_text())
    prometheus = load(FOLDER / "prometheus.yml")
    jobs = {job["job_name"]: job for job in prometheus["scrape_configs"]}
    assert jobs["serving"]["metrics_path"] == path
    for job in jobs.values():
        ((target,),) = [config["targets"] for config in job["static_configs"]]
        assert target.split(":")[0] in compose["services"]
    assert jobs["serving"]["static_configs"][0]["targets"] == ["serving:8501"]
    annotations = base["Deployment"]["spec"]["template"]["metadata"]["annotations"]
    assert annotations == {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "8501",
        "prometheus.io/path": path,
    }


def test_grafana_finds_prometheus_and_the_dashboard(compose):
    grafana = FOLDER / "grafana"
    (source,) = load(grafana / "provisioning/datasources/prometheus.yml")["datasources"]
    assert source["url"] == "http://prometheus:9090"
    (provider,) = load(grafana / "provisioning/dashboards/serving.yml")["providers"]
    mounts = dict(v.split(":")[:2] for v in compose["services"]["grafana"]["volumes"])
    assert mounts["./grafana/dashboards"] == provider["options"]["path"]
    dashboard = json.loads((grafana / "dashboards" / "serving.json").read_text())
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    wanted = {"type": "prometheus", "uid": source["uid"]}
    for panel in (*panels, *dashboard["templating"]["list"]):
        assert panel["datasource"] == wanted
        assert all(target["datasource"] == wanted for target in panel.get("targets", ()))
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels)
