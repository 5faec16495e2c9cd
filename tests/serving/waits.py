"""Time for retries that passes without waiting."""

from keras_iidgan.serving.client import Retries


class Waits:
    """Time that passes only where a client waits; `then` is called after a wait."""

    def __init__(self, then=lambda: None):
        self.waited = []
        self.then = then

    def retries(self, **options):
        return Retries(
            sleep=self.sleep,
            clock=lambda: sum(self.waited),
            uniform=lambda _, high: high,
            **options,
        )

    def sleep(self, seconds):
        self.waited.append(seconds)
        self.then()
