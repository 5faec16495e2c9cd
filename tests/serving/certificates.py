"""Certificates that the tests make for themselves with openssl."""

import pathlib
import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def _key(path):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(path))
    return path


class Authority:
    """Signs certificates in a folder.

    Attributes:
        certificate: Path of its own certificate.
    """

    def __init__(self, folder, name="ca"):
        self.folder = pathlib.Path(folder)
        self._key = _key(self.folder / f"{name}.key")
        self.certificate = self.folder / f"{name}.crt"
        arguments = ["-key", str(self._key), "-out", str(self.certificate), "-subj", f"/CN={name}"]
        _openssl("req", "-new", "-x509", "-days", "2", *arguments)

    def sign(self, name, address="DNS:localhost,IP:127.0.0.1"):
        """Make a key and a certificate; returns their paths."""
        key, request = _key(self.folder / f"{name}.key"), self.folder / f"{name}.csr"
        extensions, certificate = self.folder / f"{name}.ext", self.folder / f"{name}.crt"
        extensions.write_text(f"subjectAltName={address}\n")
        _openssl("req", "-new", "-key", str(key), "-subj", f"/CN={name}", "-out", str(request))
        signing = ["-CA", str(self.certificate), "-CAkey", str(self._key), "-set_serial", "1"]
        signing += ["-days", "2", "-extfile", str(extensions)]
        _openssl("x509", "-req", "-in", str(request), *signing, "-out", str(certificate))
        return key, certificate
