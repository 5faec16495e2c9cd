"""Certificates and keys, read and checked before anything slow begins."""

import dataclasses
import pathlib
import ssl
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format


@dataclasses.dataclass(frozen=True)
class Credentials:
    """What a server proves itself with, and whom it asks to do the same.

    Attributes:
        certificate: The server's certificate chain, PEM.
        key: Its private key, PEM.
        client_ca: Certificates, PEM, of which one must have signed a client's; `None` where
            clients need no certificate.
    """

    certificate: bytes
    key: bytes = dataclasses.field(repr=False)
    client_ca: bytes | None = None


def read(certfile, keyfile, client_ca_file=None):
    """Read a certificate and its key.

    Args:
        certfile: Path of the certificate chain, PEM, or `None`.
        keyfile: Path of the private key, PEM, without a password, or `None`.
        client_ca_file: Path of the certificates that sign those of clients, PEM, or `None`.

    Returns:
        `Credentials`, or `None` where no path is given.

    Raises:
        ValueError: A path is missing or wrong, or certificate and key do not belong together.
    """
    if not certfile or not keyfile:
        for name, value in (("ssl_certfile", certfile), ("ssl_keyfile", keyfile)):
            if not value and (certfile or keyfile or client_ca_file):
                raise ValueError(f"{name} must name a PEM file where TLS is wanted; got none")
        return None
    certificate = _file("ssl_certfile", certfile)
    key = _file("ssl_keyfile", keyfile)
    problem = _problem(certfile, keyfile)
    if problem:
        raise ValueError(
            "ssl_certfile and ssl_keyfile must be a certificate and its key, PEM, without a"
            f" password; got {certfile} and {keyfile}: {problem}"
        )
    if not client_ca_file:
        return Credentials(certificate, key)
    client_ca = _file("ssl_client_ca_file", client_ca_file)
    problem = _problem(certfile, keyfile, client_ca_file)
    if problem:
        raise ValueError(
            f"ssl_client_ca_file must hold certificates, PEM; got {client_ca_file}: {problem}"
        )
    return Credentials(certificate, key, client_ca)


def _file(name, path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        raise ValueError(
            f"{name} must name a readable file; got {path}: {error.strerror}"
        ) from None


def _problem(certfile, keyfile, client_ca_file=None):
    """Say why files do not make a TLS server, or `None`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Without a function for the password it would be asked of the terminal.
        context.load_cert_chain(certfile, keyfile, password=lambda: b"")
        if client_ca_file:
            context.load_verify_locations(client_ca_file)
    except ssl.SSLError as error:
        return (error.reason or "not PEM").replace("_", " ").lower()
    return None


def read_config(path):
    """Read TensorFlow Serving's `SSLConfig`, a text proto with the PEM texts in it.

    Args:
        path: Path of the file.

    Returns:
        `Credentials`.

    Raises:
        ValueError: The file cannot be read, is no `SSLConfig`, or lacks certificate or key.
    """
    rule = "ssl_config_file must name a text SSLConfig with server_key and server_cert; got"
    config = _config_class()()
    try:
        text_format.Parse(_file("ssl_config_file", path), config)
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise ValueError(f"{rule} {path}: {error}") from None
    if not config.server_key or not config.server_cert:
        raise ValueError(f"{rule} {path}, which lacks one")
    if config.client_verify and not config.custom_ca:
        raise ValueError(f"{rule} {path}, whose client_verify needs custom_ca")
    parts = [config.server_cert, config.server_key]
    parts += [config.custom_ca] if config.client_verify else []
    # The check takes files only; this folder is nobody else's to read.
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder) / str(number) for number in range(len(parts))]
        for part_path, part in zip(paths, parts, strict=True):
            part_path.write_text(part)
        problem = _problem(*paths)
    if problem:
        raise ValueError(f"{rule} {path}: {problem}")
    return Credentials(*(part.encode() for part in parts))


def _config_class():
    """Make the message, which tensorflow-serving-api leaves out."""
    types = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="tensorflow_serving/config/ssl_config.proto",
        package="tensorflow.serving",
        syntax="proto3",
    )
    message = file.message_type.add(name="SSLConfig")
    names = ("server_key", "server_cert", "custom_ca", "client_verify")
    for number, name in enumerate(names, 1):
        kind = types.TYPE_BOOL if name == "client_verify" else types.TYPE_STRING
        message.field.add(name=name, number=number, type=kind, label=types.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = pool.FindMessageTypeByName("tensorflow.serving.SSLConfig")
    return message_factory.GetMessageClass(found)
