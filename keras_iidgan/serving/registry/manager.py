"""Keeps the versions that are served in step with the folders of the models."""

import gc
import logging
import threading
import time

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry import model_config, versions
from keras_iidgan.serving.registry.attempt import Attempt, Options
from keras_iidgan.serving.registry.policy import to_unload

_log = logging.getLogger(__name__)


class Manager:
    """Loads what the models' policies ask for, and unloads what they don't.

    Args:
        models: The `Models` that requests look into.
        load: Function of a version's folder that returns a servable, warmed up, or raises
            `StatusError`.
        options: See `Options`.
        clock: Function that returns seconds.
    """

    def __init__(self, models, load, options=None, clock=time.monotonic):
        self._models = models
        self._load = load
        self._options = options or Options()
        self._clock = clock
        self._lock = threading.RLock()
        self._configs = {}
        self._pending = {}
        self._troubles = {}
        self._news = []

    def reload(self, message):
        """Serve the models of another configuration, as HandleReloadConfigRequest asks for.

        Args:
            message: A `ModelServerConfig`. One in which nothing is set changes nothing.

        Raises:
            StatusError: The configuration breaks a rule, and all is as it was; or, with code
                UNKNOWN, a model that is new in it has no version that can be loaded now.
        """
        if message.WhichOneof("config"):
            self.configure(model_config.from_message(message))

    def configure(self, configs):
        """Serve these models and no others; returns when what is there has been loaded.

        Args:
            configs: List of `ModelConfig`.

        Raises:
            StatusError: As for `reload`.
        """
        with self._lock:
            self.check_labels(configs)
            before, self._configs = self._configs, {config.name: config for config in configs}
            self._models.set_labels({config.name: config.labels for config in configs})
            for name in before.keys() - self._configs.keys():
                self._reconcile(name, {})
                self._troubles.pop(name, None)
            self._pass()
            missing = [name for name in self._configs if self._is_missing(name, before)]
            # What is raised is not logged besides.
            self._log_news(leave_out=missing)
            if missing:
                reasons = ", ".join(self._reason(name) for name in missing)
                message = f"{len(missing)} model(s) did not become available: {{{reasons}}}"
                raise StatusError("UNKNOWN", message)

    def _is_missing(self, name, before):
        return name not in before and not self._models.available(name)

    def check_labels(self, configs):
        """Refuse labels of versions that can't have one.

        Args:
            configs: List of `ModelConfig`.

        Raises:
            StatusError: FAILED_PRECONDITION for a version that isn't AVAILABLE, unless options
                allow it and the label is new.
        """
        known = self._models.labels()
        for config in configs:
            available = self._models.available(config.name)
            for label, version in config.labels.items():
                is_new = known.get(config.name, {}).get(label, version) == version
                allowed = self._options.allow_version_labels_for_unavailable_models and is_new
                if version not in available and not allowed:
                    raise StatusError(
                        "FAILED_PRECONDITION",
                        f"Request to assign label to version {version} of model {config.name},"
                        " which is not currently available for inference",
                    )

    def errors(self, name):
        """Return why versions of a model aren't there: `{version: StatusError}`."""
        with self._lock:
            pending = self._pending.get(name, {}).items()
            return {version: entry.error for version, entry in pending if entry.error}

    def poll(self):
        """Look at all folders once, and load and unload what that takes."""
        with self._lock:
            self._pass()
            self._log_news()

    def _pass(self):
        changed = [self._poll_model(config) for config in self._configs.values()]
        if any(changed):
            # A graph refers to itself; without this it would lie about for long.
            gc.collect()

    def _log_news(self, leave_out=()):
        news, self._news = self._news, []
        for name, text in news:
            if name not in leave_out:
                _log.error("%s", text)

    def _poll_model(self, config):
        try:
            found = versions.scan(config.base_path)
        except OSError as error:
            # Perhaps the disk is away for a moment. What is served does no harm.
            trouble = f"Could not read base path {config.base_path} for servable {config.name}"
            self._tell_once(config.name, f"{trouble}: {error.strerror or error}")
            return False
        if not found:
            where = f"servable {config.name} found under base path {config.base_path}"
            self._tell_once(config.name, f"No versions of {where}")
        else:
            self._troubles.pop(config.name, None)
        aspired = config.policy.choose(found)
        return self._reconcile(config.name, {version: found[version] for version in aspired})

    def _tell_once(self, name, trouble):
        if self._troubles.get(name) != trouble:
            self._troubles[name] = trouble
            self._news.append((name, trouble))

    def _reconcile(self, name, aspired):
        """Bring a model to the versions `{version: path}`; returns whether any came or went."""
        before = self._models.available(name)
        pending = self._pending.setdefault(name, {})
        for version in pending.keys() - aspired.keys():
            self._models.set_state(name, version, "END", pending.pop(version).error)
        self._unload(name, aspired.keys())
        for version in aspired.keys() - before - pending.keys():
            pending[version] = Attempt()
            self._models.set_state(name, version, "START")
        for version in sorted(pending, reverse=True):
            self._try(name, version, aspired[version])
            self._unload(name, aspired.keys())
        return self._models.available(name) != before

    def _unload(self, name, aspired):
        for version in to_unload(set(aspired), self._models.available(name)):
            self._models.remove(name, version)
            _log.info("unloaded version %d of model %s", version, name)

    def _try(self, name, version, path):
        if not self._pending[name][version].is_due(self._clock()):
            return
        self._models.set_state(name, version, "LOADING")
        try:
            servable = self._load(path)
        except StatusError as error:
            self._failed(name, version, error)
        except Exception as error:
            _log.exception("loading %s failed", path)
            self._failed(name, version, StatusError("INTERNAL", f"{type(error).__name__}: {error}"))
        else:
            del self._pending[name][version]
            self._models.add(name, servable)
            _log.info("loaded version %d of model %s", version, name)

    def _failed(self, name, version, error):
        entry = self._pending[name][version]
        entry.failed(error, self._clock(), self._options)
        text = f"version {version} of model {name} could not be loaded: {error.message}"
        self._news.append((name, text))
        if entry.given_up:
            self._models.fail(name, version, error)

    def _reason(self, name):
        errors = self.errors(name)
        if not errors:
            return f"{{name: {name}}} due to error: {self._troubles.get(name, 'no version')}"
        version, error = max(errors.items())
        return f"{{name: {name} version: {version}}} due to error: {error}"
