"""Things that several requests share, and that are closed when the last one has ended."""


class Shared:
    """Counts who uses a thing.

    Args:
        thing: What is shared; has `close()`.
        lock: An RLock, that of the registry which hands out leases: one can be dropped anywhere,
            in a garbage collection while the registry is locked too, and with a second lock two
            threads could wait for each other.
    """

    def __init__(self, thing, lock):
        self._thing = thing
        self._lock = lock
        self._users = 1  # Whoever made this, until it retires it.
        self._closed = None

    def lease(self):
        """Return a `Lease`, one user more."""
        with self._lock:
            self._users += 1
        return Lease(self._thing, self._release)

    def retire(self, closed):
        """Give up the maker's own share; call `lease` no more.

        Args:
            closed: Function that is called once the thing is closed, at once if nobody uses it.
        """
        self._closed = closed
        self._release()

    def _release(self):
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            try:
                self._thing.close()
            finally:
                self._closed()


class Lease:
    """The thing, for one user; has all the attributes of the thing.

    It ends with its `with` block, with `release`, or when nobody refers to it any more.

    Attributes:
        thing: The thing itself, which is the same for all users; what is kept of it from one
            request to the next is kept by this, and weakly.
    """

    __slots__ = ("__weakref__", "_release", "thing")

    def __init__(self, thing, release):
        self.thing = thing
        self._release = release

    def __getattr__(self, name):
        return getattr(self.thing, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release()

    def release(self):
        """End the lease; doing so again does nothing."""
        release, self._release = self._release, None
        if release:
            release()

    def __del__(self):
        self.release()
