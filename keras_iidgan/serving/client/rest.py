"""The transport over the REST interface."""

import contextlib
import http.client
import ssl
import time

from keras_iidgan.serving.client.errors import ServingError
from keras_iidgan.serving.client.json_form import decode, encode, to_array

_LOST = (ConnectionError, http.client.IncompleteRead, ssl.SSLEOFError)


class RestTransport:
    """Carries arrays as JSON, in columnar form; a connection for every request.

    Args:
        address: An `Address`.
        timeout: Seconds that a call may take.
        token: Bearer token, or `None`.
        ca_file: Certificates, PEM, that are trusted instead of the system's, or `None`.

    Raises:
        ValueError: The file holds no certificates.
    """

    needs_types = False

    def __init__(self, address, timeout, token=None, ca_file=None):
        self.url = address.url
        self._address = address
        self._timeout = timeout
        self._context = _context(ca_file) if address.is_secure else None
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def predict(self, inputs, signature_name):
        """Run a signature; see the package."""
        body = encode(inputs, signature_name)
        outputs = self._field("outputs", "POST", ":predict", body)
        if isinstance(outputs, dict) and outputs.keys() != {"b64"}:
            return {alias: to_array(value) for alias, value in sorted(outputs.items())}
        return to_array(outputs)

    def status(self):
        """List the model's versions."""
        return self._field("model_version_status", "GET", "")

    def metadata(self):
        """Describe the model's signatures."""
        return self._request("GET", "/metadata")

    def close(self):
        """Do nothing: there is no connection to close."""

    def _field(self, name, *request):
        answer = self._request(*request)
        if name not in answer:
            raise ServingError(f"{self.url} did not answer as TensorFlow Serving: no {name!r}", 200)
        return answer[name]

    def _request(self, method, path, body=None):
        connection, end = self._connection(), time.monotonic() + self._timeout
        try:
            connection.connect()
            sock = connection.sock
            # A server that refuses a body before its end has answered all the same.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, self._address.path + path, body, self._headers)
            with connection.getresponse() as response:
                text = _read(response, sock, end)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            message = f"no answer from {self.url}: {' '.join(reason.split())}"
            raise ServingError(message, is_temporary=isinstance(error, _LOST)) from error
        finally:
            connection.close()
        return self._answer(response.status, text)

    def _connection(self):
        host, timeout = self._address.host, self._timeout
        if self._context:
            return http.client.HTTPSConnection(host, timeout=timeout, context=self._context)
        return http.client.HTTPConnection(host, timeout=timeout)

    def _answer(self, status, text):
        answer, is_temporary = decode(text), status == 503
        if not isinstance(answer, dict):
            short = " ".join(text[:200].decode("utf-8", "replace").split())
            message = f"{self.url} did not answer in JSON: {short}"
            raise ServingError(message, status, is_temporary)
        if status != 200:
            raise ServingError(str(answer.get("error", answer)), status, is_temporary)
        return answer


def _read(response, sock, end):
    """Read the body until a time, however slowly it comes."""
    parts = []
    while (left := end - time.monotonic()) > 0:
        sock.settimeout(left)
        part = response.read1(1 << 20)
        if not part:
            break
        parts.append(part)
    else:
        raise TimeoutError("timed out")
    text = b"".join(parts)
    if response.length:
        raise http.client.IncompleteRead(text, response.length)
    return text


def _context(ca_file):
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = error.strerror or error
        raise ValueError(f"ca_file: expected certificates, got {ca_file}: {reason}") from None
