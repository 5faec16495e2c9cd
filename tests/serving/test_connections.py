"""What is written in one turn of the loop goes out together, all of it and in order."""

import asyncio

import pytest

from keras_iidgan.serving.rest.connections import _Joining


class Transport:
    def __init__(self):
        self.sent, self.closed = [], False

    def write(self, data):
        assert not self.closed
        self.sent.append(bytes(data))

    def get_write_buffer_size(self):
        return 100

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True


@pytest.fixture
def joining():
    """A function that runs a coroutine function of a joining transport and what is behind it."""

    def run(body):
        async def main():
            transport = Transport()
            await body(_Joining(transport, asyncio.get_running_loop()), transport)
            return transport

        return asyncio.run(main())

    return run


def test_head_and_body_go_out_as_one(joining):
    async def body(outside, transport):
        outside.write(b"head ")
        outside.write(b"body")
        assert transport.sent == [] and outside.get_write_buffer_size() == 109
        await asyncio.sleep(0)
        assert transport.sent == [b"head body"] and outside.get_write_buffer_size() == 100
        outside.write(b"next")
        await asyncio.sleep(0)

    assert joining(body).sent == [b"head body", b"next"]


def test_a_long_body_is_not_copied_and_stays_behind_its_head(joining):
    long = bytes(100_000)

    async def body(outside, transport):
        outside.write(b"head")
        outside.write(long)
        outside.write(b"next")
        await asyncio.sleep(0)

    assert joining(body).sent == [b"head", long, b"next"]


def test_closing_sends_what_is_left(joining):
    async def body(outside, transport):
        outside.write(b"last")
        outside.close()
        assert outside.is_closing()
        await asyncio.sleep(0)

    assert joining(body).sent == [b"last"]
