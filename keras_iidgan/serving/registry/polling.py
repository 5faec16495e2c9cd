"""A function that is called again and again in a thread of its own."""

import logging
import threading

_log = logging.getLogger(__name__)


class Poller:
    """Calls a function every few seconds, from its start until its end.

    Args:
        function: What is called; an error of it is logged and not the end.
        seconds: From the end of a call to the next one. With 0 or less it is never called.
        name: Of the thread.
    """

    def __init__(self, function, seconds, name):
        self._function = function
        self._seconds = seconds
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self):
        if self._seconds > 0:
            self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        if self._thread.is_alive():
            # A model that is being loaded can take long; nobody will use it.
            self._thread.join(timeout=10)

    def _run(self):
        while not self._end.wait(self._seconds):
            try:
                self._function()
            except Exception:
                _log.exception("%s failed", self._thread.name)
