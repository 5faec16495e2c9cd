"""Counters and histograms of requests, as a page for Prometheus.

Names, labels and buckets are those of TensorFlow Serving, so that one dashboard shows both.
"""

import bisect
import re
import threading

DEFAULT_PATH = "/monitoring/prometheus/metrics"

# A client may ask for any name of a model. Beyond so many label sets a metric takes no new ones.
MOST_CELLS = 1000
_LONGEST_NAME = 256  # characters of it, that are kept

_PREFIX = ":tensorflow:serving:"
_LIMITS = [10 * 1.8**power for power in range(33)]  # microseconds, up to 24 minutes


class Registry:
    """The metrics of a server; every method may be called from several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._request_count = _Cells("request_count", ("model_name", "status"), _Counter)
        self._request_latency = _Cells(
            "request_latency", ("model_name", "API", "entrypoint"), _Histogram
        )
        self._runtime_latency = _Cells(
            "runtime_latency", ("model_name", "API", "runtime"), _Histogram
        )

    def observe(self, model, api, entrypoint, status, seconds):
        """Count a request that was answered.

        Args:
            model: The model's name; empty where the request named none.
            api: What was asked for: "predict" over REST, "Predict" over gRPC.
            entrypoint: "REST" or "GRPC".
            status: The canonical code, "OK" say. Only what went well counts as a latency.
            seconds: How long it took.
        """
        model = model[:_LONGEST_NAME]
        with self._lock:
            self._request_count.add((model, status), 1)
            if status == "OK":
                self._request_latency.add((model, api, entrypoint), seconds * 1e6)

    def observe_runtime(self, model, api, seconds):
        """Note how long the graph of a request ran, time in a batching queue included.

        Args:
            model: The model's name.
            api: "Predict", whichever way the request came.
            seconds: How long it took.
        """
        with self._lock:
            self._runtime_latency.add((model, api, "TF1"), seconds * 1e6)

    def page(self):
        """Write the page.

        Returns:
            Text in Prometheus' format, with nothing but `# TYPE` lines between the values.
        """
        with self._lock:
            metrics = (self._request_count, self._request_latency, self._runtime_latency)
            lines = [line for metric in metrics for line in metric.lines()]
        return "\n".join(lines) + "\n"


class _Cells:
    """A metric: one value for each set of labels."""

    def __init__(self, name, labels, kind):
        self._name, self._labels, self._kind = _PREFIX + name, labels, kind
        self._cells = {}

    def add(self, values, amount):
        cell = self._cells.get(values)
        if cell is None:
            if len(self._cells) >= MOST_CELLS:
                return
            cell = self._cells[values] = self._kind()
        cell.add(amount)

    def lines(self):
        yield f"# TYPE {self._name} {self._kind.word}"
        for values, cell in sorted(self._cells.items()):
            pairs = zip(self._labels, values, strict=True)
            labels = ",".join(f'{label}="{_escape(value)}"' for label, value in pairs)
            yield from cell.lines(self._name, labels)


class _Counter:
    word = "counter"

    def __init__(self):
        self._value = 0

    def add(self, amount):
        self._value += amount

    def lines(self, name, labels):
        yield f"{name}{{{labels}}} {self._value}"


class _Histogram:
    word = "histogram"

    def __init__(self):
        self._buckets = [0] * (len(_LIMITS) + 1)
        self._sum = 0.0

    def add(self, amount):
        self._buckets[bisect.bisect_right(_LIMITS, amount)] += 1
        self._sum += amount

    def lines(self, name, labels):
        count = 0
        limits = [f"{limit:g}" for limit in _LIMITS] + ["+Inf"]
        for limit, own in zip(limits, self._buckets, strict=True):
            count += own
            yield f'{name}_bucket{{{labels},le="{limit}"}} {count}'
        yield f"{name}_sum{{{labels}}} {self._sum:g}"
        yield f"{name}_count{{{labels}}} {count}"


def _escape(value):
    """Escape a label's value: what the reference server does, and line ends, which it forgets."""
    return re.sub(r'([\\"])', r"\\\1", value).replace("\n", "\\n")
