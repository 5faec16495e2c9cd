"""Trying again, later and later, what may succeed then."""

import itertools
import random
import time

from keras_iidgan.serving.client.errors import ServingError


class Retries:
    """Tries a call again where the server was busy or the connection was lost, and only there.

    All calls of a served GAN may be repeated: the same request has the same answer.

    Formula, of the wait before the n-th retry, U being uniform in [0.5, 1], so that clients which
    failed together don't come back together:
        U min(longest, first * 2^(n - 1))

    Args:
        count: Most retries of one call; 0 for none.
        seconds: No retry begins later than this after the call.
        first: Seconds of the first wait.
        longest: Most seconds of a wait.
        sleep: Function that waits so many seconds.
        clock: Function that tells the time in seconds.
        uniform: Function that draws between two numbers.

    Raises:
        ValueError: A number is negative.
    """

    def __init__(
        self,
        count=3,
        seconds=30.0,
        first=0.1,
        longest=5.0,
        *,
        sleep=time.sleep,
        clock=time.monotonic,
        uniform=random.uniform,
    ):
        numbers = {"count": count, "seconds": seconds, "first": first, "longest": longest}
        for name, value in numbers.items():
            if not value >= 0:
                raise ValueError(f"{name}: expected at least 0, got {value}")
        self.count, self.seconds, self.first, self.longest = count, seconds, first, longest
        self._sleep, self._clock, self._uniform = sleep, clock, uniform

    def call(self, function, *arguments):
        """Call a function until it succeeds, fails for good, or has been tried enough.

        Args:
            function: Raises `ServingError`.
            *arguments: Its arguments.

        Returns:
            What the function returns.

        Raises:
            ServingError: The last one.
        """
        end = self._clock() + self.seconds
        for retry in itertools.count():
            try:
                return function(*arguments)
            except ServingError as error:
                wait = self._uniform(0.5, 1.0) * min(self.longest, self.first * 2**retry)
                if not error.is_temporary or retry >= self.count or self._clock() + wait > end:
                    raise
            self._sleep(wait)
