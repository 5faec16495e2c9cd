"""TensorFlow Serving's file of what is monitored."""

from keras_iidgan.serving import text_config
from keras_iidgan.serving.monitoring import DEFAULT_PATH

_Message = text_config.message_classes(
    "monitoring_config.proto",
    {
        "PrometheusConfig": {"enable": (1, "bool"), "path": (2, "string")},
        "MonitoringConfig": {"prometheus_config": (1, "tensorflow.serving.PrometheusConfig")},
    },
)["MonitoringConfig"]


def read(path):
    """Read a file, `prometheus_config { enable: true path: "/metrics" }` say.

    Args:
        path: The file's path.

    Returns:
        The path at which Prometheus finds its page, or `None` where it isn't to find one.

    Raises:
        ValueError: The file can't be read, or isn't such a file; in one line.
    """
    config = text_config.read(path, _Message())[0].prometheus_config
    page = config.path or DEFAULT_PATH
    if not page.startswith("/"):
        raise ValueError(f"{path}: path must begin with /; was {page}")
    return page if config.enable else None
