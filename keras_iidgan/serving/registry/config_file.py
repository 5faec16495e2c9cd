"""The model configuration file of a server that runs."""

import logging

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry import model_config

_log = logging.getLogger(__name__)


class ConfigFile:
    """Gives a manager what the file says.

    Args:
        path: The file's path.
        manager: A `Manager`.
    """

    def __init__(self, path, manager):
        self._path = path
        self._manager = manager
        self._trouble = None

    def poll(self):
        """Read the file and serve its models; a file that breaks a rule changes nothing."""
        try:
            self._manager.configure(model_config.read(self._path))
        except (StatusError, ValueError) as error:
            # The same mistake, read every few seconds, is told once.
            if str(error) != self._trouble:
                _log.error("the model configuration is not taken over: %s", error)
            self._trouble = str(error)
        else:
            self._trouble = None
