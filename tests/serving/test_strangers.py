"""What those get who have no token, or come from another origin or machine."""

import asyncio
import logging
import socket

import crowd_toys
import pytest
import toys

from keras_iidgan.serving import auth
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.rest.app import RestApp

METRICS = "/monitoring/prometheus/metrics"


@pytest.fixture
def models():
    return crowd_toys.registry(crowd_toys.Filler())


def test_no_method_gets_the_metrics_without_a_token(models, tokens, caplog):
    app = RestApp(models, metrics_path=METRICS)
    with toys.serve(auth.BearerAuth(app, tokens)) as port, caplog.at_level(logging.ERROR):
        for method in ("GET", "OPTIONS", "HEAD", "POST", "CONNECT"):
            assert crowd_toys.ask(port, method, METRICS)[0] == 401, method
        right = {"Authorization": "Bearer secret"}
        assert crowd_toys.ask(port, "GET", METRICS, headers=right)[0] == 200
        assert crowd_toys.ask(port, "CONNECT", METRICS, headers=right)[0] == 404
    assert not caplog.records


def test_half_a_body_without_a_token_is_answered(models, tokens, monkeypatch):
    monkeypatch.setattr(auth, "_PATIENCE", 0.1)
    with (
        toys.serve(auth.BearerAuth(RestApp(models), tokens)) as port,
        socket.create_connection(("127.0.0.1", port), 30) as connection,
    ):
        connection.sendall(b"POST /v1/models/m HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx")
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("cors", [True, False])
def test_pages_of_other_origins_may_send_tokens(models, tokens, cors):
    app = RestApp(models, cors=cors, takes_tokens=True)
    with toys.serve(auth.BearerAuth(app, tokens, allows_origins=cors)) as port:
        asked = crowd_toys.ask(
            port, "OPTIONS", "/v1/models/m:predict", headers={"Origin": "http://a.example"}
        )
        refused = crowd_toys.ask(port, "GET", "/v1/models/m")
    assert (asked[0], refused[0]) == (200, 401)
    for _, headers, _ in (asked, refused):
        wanted = "Content-Type, Authorization" if cors else None
        assert headers["Access-Control-Allow-Headers"] == wanted
        assert headers["Access-Control-Allow-Origin"] == ("*" if cors else None)


def test_the_patience_with_a_body_ends_when_the_client_goes():
    async def receive():
        return {"type": "http.disconnect"}

    assert asyncio.run(auth._is_read(receive)) is False


@pytest.mark.parametrize(
    ("flags", "allowed"),
    [
        ([], True),
        (["--host=localhost"], True),
        (["--host=0.0.0.0"], False),
        (["--host=127.evil.example"], False),
        (["--host=0.0.0.0", "--auth_token_file=/tokens"], True),
        (["--host=0.0.0.0", "--enable_reload_config"], True),
        (["--enable_reload_config=false"], False),
    ],
)
def test_whether_strangers_may_name_folders(flags, allowed):
    from absl import flags as absl_flags

    from keras_iidgan import transport
    from keras_iidgan.flags import define_serve

    values = absl_flags.FlagValues()
    define_serve(values)
    values(["serve", *flags])
    named = []
    if allowed:
        transport.guarded(values, named.append)("config")
        assert named == ["config"]
    else:
        with pytest.raises(StatusError, match="PERMISSION_DENIED: HandleReloadConfigRequest is"):
            transport.guarded(values, named.append)("config")
