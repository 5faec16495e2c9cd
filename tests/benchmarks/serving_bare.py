"""The least that serves `invert`: uvicorn, orjson and the Session, with nothing checked."""

import sys

import numpy as np
import orjson
import uvicorn


def application(servable):
    """Make an ASGI application that inverts the images of every request."""

    async def answer(scope, receive, send):
        pieces, more = [], True
        while more:
            event = await receive()
            pieces.append(event["body"])
            more = event["more_body"]
        x = np.array(orjson.loads(b"".join(pieces))["instances"], np.float32)
        z = np.ascontiguousarray(servable.run("invert", {"x": x})["z"])
        body = orjson.dumps({"predictions": z}, option=orjson.OPT_SERIALIZE_NUMPY)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


if __name__ == "__main__":
    from keras_iidgan import cli

    cli.import_tensorflow()
    from keras_iidgan.serving.loading.engine import SavedModel

    path, port = sys.argv[1:]
    app = application(SavedModel(path))
    uvicorn.run(app, port=int(port), lifespan="off", log_level="error")
