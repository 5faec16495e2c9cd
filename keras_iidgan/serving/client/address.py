"""Where a model is served, and the token that opens it."""

import dataclasses
import pathlib
import re
import urllib.parse

SCHEMES = ("http", "https", "grpc", "grpcs")
_PATH = re.compile(r"(?P<prefix>.*?)(?:/v1/models/(?P<model>[^/:]+))?/?")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, section 2.1


@dataclasses.dataclass(frozen=True)
class Address:
    """The place of a model.

    Attributes:
        scheme: One of `SCHEMES`.
        host: Name or number of the server, with the port.
        prefix: Path before /v1, where a proxy has one.
        model: The model's name.
    """

    scheme: str
    host: str
    prefix: str
    model: str

    @property
    def path(self):
        """Path of the model's URL."""
        return f"{self.prefix}/v1/models/{urllib.parse.quote(self.model, safe='')}"

    @property
    def url(self):
        """URL of the model; gRPC has none, so of the server."""
        base = f"{self.scheme}://{self.host}"
        return base if self.is_rpc else base + self.path

    @property
    def is_rpc(self):
        """Whether it is one of gRPC."""
        return self.scheme.startswith("grpc")

    @property
    def is_secure(self):
        """Whether TLS is spoken."""
        return self.scheme.endswith("s")


def parse(url, model=None):
    """Read an address.

    Args:
        url: Of the server, "http://localhost:8501" or "grpc://localhost:8500", or of the model on
            it, "http://localhost:8501/v1/models/iidgan_ring".
        model: The model's name, where the URL does not have it.

    Returns:
        An `Address`.

    Raises:
        ValueError: The URL is not one, or no model is named, or two.
    """
    parts = _split(url)
    path = _PATH.fullmatch(parts.path)
    named = path["model"] and urllib.parse.unquote(path["model"])
    if not (model or named):
        raise ValueError(
            f"model: got none, and {url!r} has none; give Client(url, model='iidgan_ring') or a"
            " url that ends in /v1/models/iidgan_ring (a server has no call that lists them)"
        )
    if model and named and model != named:
        raise ValueError(f"model: expected the url's {named!r}, got {model!r}")
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme.startswith("grpc"):
        if path["prefix"]:
            raise ValueError(f"url: expected no path with gRPC, got {url!r}")
        host = host if parts.port else f"{host.rstrip(':')}:8500"
    return Address(parts.scheme, host, path["prefix"], model or named)


def _split(url):
    try:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme in SCHEMES and parts.hostname and not (parts.query or parts.fragment):
            _ = parts.port  # Raises where it is no number.
            return parts
    except ValueError:
        pass
    raise ValueError(
        f"url: expected http://host:port or grpc://host:port (https, grpcs with TLS), got {url!r}"
    )


def read_token(token=None, token_file=None):
    """Check a token, or read one from a file.

    Args:
        token: The token, or `None`.
        token_file: Path of a file whose first line is the token, as of the server's
            `--auth_token_file`, or `None`.

    Returns:
        The token, or `None` where there is neither.

    Raises:
        ValueError: Both are given, the file cannot be read, or it holds no token. The message
            never has the token.
    """
    if token is not None and token_file is not None:
        raise ValueError("token_file: expected none beside token, got both")
    name, held = "token", ""
    if token_file is not None:
        name, held = "token_file", f" in {token_file}"
        text = read(name, token_file).decode("utf-8", "replace")
        token = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if token is not None and not _TOKEN.fullmatch(token):
        raise ValueError(f"{name}: expected letters, digits and -._~+/, got something else{held}")
    return token


def read(name, path):
    """Read the file that an argument names: path to `bytes`; `ValueError` where that fails."""
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"{name}: expected a file, got {path}: {error.strerror}") from None
