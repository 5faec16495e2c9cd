"""A client for the REST interface, of this package's server and of TensorFlow Serving alike."""

import http.client
import re
import urllib.parse

import numpy as np

from keras_iidgan.serving.client_json import decode, encode, to_array

_LARGEST_SEED = 2**63 - 1
_URL = re.compile(r"(?P<prefix>.*?)(?:/v1/models/(?P<model>[^/:]+))?/?")


class ServingError(Exception):
    """A request that was not answered with tensors.

    Attributes:
        status: The HTTP status; `None` where no server answered.
        message: The server's own message, or what kept the request from it.
    """

    def __init__(self, message, status=None):
        super().__init__(message)
        self.message = message
        self.status = status

    def __str__(self):
        return self.message if self.status is None else f"{self.status}: {self.message}"


class Client:
    """Calls a served GAN; images and latents are NumPy arrays.

    Images of one channel come as [N, H, W], and are taken as [N, H, W, 1] as well.

    Args:
        url: Of the server, "http://localhost:8501", or of the model on it,
            "http://localhost:8501/v1/models/iidgan_ring".
        model: The model's name, where the URL does not have it.
        timeout: Seconds to wait for the server.

    Raises:
        ValueError: The URL is not one, or no model is named.
    """

    def __init__(self, url, model=None, timeout=30.0):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"url: expected http://host:port or https://host:port, got {url!r}")
        path = _URL.fullmatch(parts.path)
        named = path["model"] and urllib.parse.unquote(path["model"])
        if not (model or named):
            raise ValueError(
                f"model: got none, and {url!r} has none; give Client(url, model='iidgan_ring') or a"
                " url that ends in /v1/models/iidgan_ring (a server has no call that lists them)"
            )
        if model and named and model != named:
            raise ValueError(f"model: expected the url's {named!r}, got {model!r}")
        self.model = model or named
        self.timeout = timeout
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        self._connection = kinds[parts.scheme]
        self._address = parts.netloc.rpartition("@")[2]
        self._path = f"{path['prefix']}/v1/models/{urllib.parse.quote(self.model, safe='')}"
        self.url = f"{parts.scheme}://{self._address}{self._path}"

    def sample(self, seeds, return_z=False, labels=None):
        """Draw samples; the same seed gives the same row, whatever else is in the batch.

        Args:
            seeds: [N] integers.
            labels: The class of each sample, [N] integers or one for all, for a conditional model.
            return_z: Whether to return the latents as well.

        Returns:
            x, [N, *shape] float32; with `return_z` the pair (x, z), z being [N, D] float32.
        """
        seeds = np.asarray(seeds)
        if seeds.ndim != 1 or (seeds.size and seeds.dtype.kind not in "iu"):
            raise ValueError(
                f"seeds: expected a list of integers, got {seeds.dtype} of shape {seeds.shape}"
            )
        if seeds.size and seeds.max() > _LARGEST_SEED:
            raise ValueError(f"seeds: expected at most {_LARGEST_SEED}, got {seeds.max()}")
        aliases = ("x", "z") if return_z else ("x",)
        inputs = _with_labels({"seed": seeds.astype(np.int64)}, labels, len(seeds))
        outputs = self._named(inputs, "sample", aliases)
        return (outputs["x"], outputs["z"]) if return_z else outputs["x"]

    def generate(self, z, labels=None):
        """Generate samples: z, [N, D], and labels as of `sample`, to x, [N, *shape] float32."""
        inputs = _with_labels({"z": _floats(z)}, labels, len(z))
        return self._named(inputs, "serving_default", ("x",))["x"]

    def invert(self, x):
        """Find the latents of samples: x, [N, *shape], to z, [N, D], both float32."""
        return self._named({"x": _samples(x)}, "invert", ("z",))["z"]

    def reconstruct(self, x):
        """Invert samples and generate them again.

        Args:
            x: [N, *shape].

        Returns:
            Dict of float32: `x`, [N, *shape]; `z`, [N, D]; `error`, [N].
        """
        return self.predict({"x": _samples(x)}, "reconstruct")

    def score(self, x, labels=None):
        """Judge samples.

        Args:
            x: [N, *shape].
            labels: The class as which each is judged, as of `sample`, for a conditional model.

        Returns:
            Dict of float32, [N] each: `logit` of the discriminator, `squared_norm` of the latent,
            and `error` of the reconstruction.
        """
        return self.predict(_with_labels({"x": _samples(x)}, labels, len(x)), "score")

    def status(self):
        """List the model's versions: dicts with `version`, `state` and `status`."""
        return self._request("GET", self._path)["model_version_status"]

    def metadata(self):
        """Return the version and the signatures, as the server describes them."""
        return self._request("GET", self._path + "/metadata")

    def predict(self, inputs, signature_name="serving_default"):
        """Run any signature.

        Args:
            inputs: `{alias: array}`, or the array alone where the signature has one input.
            signature_name: The signature's name.

        Returns:
            `{alias: array}`, or the array alone where the signature has one output. Decimal
            numbers become float32, integers int64, strings `str` and base64 data `bytes` objects.

        Raises:
            ServingError: The server refused, with its message; or there is no server.
        """
        body = encode(inputs, signature_name)
        outputs = self._request("POST", self._path + ":predict", body)["outputs"]
        if isinstance(outputs, dict) and outputs.keys() != {"b64"}:
            return {alias: to_array(value) for alias, value in outputs.items()}
        return to_array(outputs)

    def _named(self, inputs, signature_name, aliases):
        """Run a signature and name its output, which a server sends bare where it is one."""
        outputs = self.predict(inputs, signature_name)
        if not isinstance(outputs, dict):
            outputs = {aliases[0]: outputs}
        missing = [alias for alias in aliases if alias not in outputs]
        if missing:
            raise ServingError(
                f"{self.url}: expected output {missing[0]!r} of signature {signature_name!r},"
                f" got {', '.join(outputs)}"
            )
        return outputs

    def _request(self, method, path, body=None):
        connection = self._connection(self._address, timeout=self.timeout)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise ServingError(f"no answer from {self.url}: {reason}") from error
        finally:
            connection.close()
        answer = decode(text)
        if not isinstance(answer, dict):
            short = text[:200].decode("utf-8", "replace")
            raise ServingError(f"{self.url} did not answer in JSON: {short}", response.status)
        if response.status != 200:
            raise ServingError(answer.get("error", str(answer)), response.status)
        return answer


def _with_labels(inputs, labels, count):
    """Add the classes of `count` rows, one for all or one each, where there are any."""
    if labels is None:
        return inputs
    return inputs | {"label": np.broadcast_to(np.asarray(labels, np.int64), [count])}


def _floats(values):
    return np.asarray(values, dtype=np.float32)


def _samples(values):
    """As `_floats`; images of one channel go without its axis, as exported models take them."""
    x = _floats(values)
    return x[..., 0] if x.ndim == 4 and x.shape[-1] == 1 else x
