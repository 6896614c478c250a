"""Keys and passwords: from the environment, from the system's keyring, or in memory for this session. Never in a file of ours."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol, cast

from grammy_desktop.core.errors import EnvironmentFailure, UserError

log = logging.getLogger(__name__)

SERVICE = "Grammy Desktop"

ENVIRONMENT: dict[str, str] = {"openai": "OPENAI_API_KEY", "supabase": "SUPABASE_KEY"}
"""Names of secrets and the environment variable that goes before everything else."""

REAL_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
"""Backends that really encrypt. Others write plain files, or nothing."""


class SecretPlace(StrEnum):
    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    MEMORY = "memory"


class KeyringBackend(Protocol):
    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class SecretStore:
    """Secrets by name ('openai', 'supabase', ...). `on_secret` hears every secret met, so that the log can hide it.

    `find_backend` is asked once, when a secret is first needed: looking for a keyring takes time and may start a service.
    """

    def __init__(
        self,
        *,
        on_secret: Callable[[str], None] | None = None,
        find_backend: Callable[[], KeyringBackend | None] | None = None,
    ) -> None:
        self._on_secret = on_secret
        self._find_backend = find_backend or find_real_backend
        self._backend: KeyringBackend | None = None
        self._looked = False
        self._memory: dict[str, str] = {}
        self._lock = threading.RLock()

    def get(self, name: str) -> str | None:
        """The secret, or None when there is none."""
        value = _from_environment(name)
        if value is None:
            with self._lock:
                value = self._memory.get(name) or self._from_keyring(name)
        if value is not None and self._on_secret is not None:
            self._on_secret(value)
        return value

    def set(self, name: str, secret: str) -> SecretPlace:
        """Keeps a secret and says where: in the keyring, or in memory until the app ends. Raises UserError for an empty one."""
        secret = secret.strip()
        if not secret:
            raise UserError("The key is empty.")
        if self._on_secret is not None:
            self._on_secret(secret)
        with self._lock:
            backend = self._real_backend()
            if backend is not None and self._to_keyring(backend, name, secret):
                self._memory.pop(name, None)
                return SecretPlace.KEYRING
            self._memory[name] = secret
            return SecretPlace.MEMORY

    def delete(self, name: str) -> None:
        """Forgets a secret. Raises UserError for one that the environment gives, EnvironmentFailure when the keyring refuses."""
        with self._lock:
            self._memory.pop(name, None)
            backend = self._real_backend()
            if backend is not None and self._from_keyring(name) is not None:
                from keyring.errors import KeyringError

                try:
                    backend.delete_password(SERVICE, name)
                except KeyringError as error:
                    raise EnvironmentFailure(f"The system's keyring did not delete the key: {error}.") from error
        if _from_environment(name) is not None:
            raise UserError(f"This key comes from the environment variable {ENVIRONMENT[name]}: remove it there.")

    def place(self, name: str) -> SecretPlace | None:
        """Where a secret comes from; None when there is none."""
        if _from_environment(name) is not None:
            return SecretPlace.ENVIRONMENT
        with self._lock:
            if name in self._memory:
                return SecretPlace.MEMORY
            return SecretPlace.KEYRING if self._from_keyring(name) is not None else None

    @property
    def is_persistent(self) -> bool:
        """Whether `set` outlives the app."""
        with self._lock:
            return self._real_backend() is not None

    def explain(self) -> str:
        """A sentence for the settings page."""
        if self.is_persistent:
            return "Keys are kept in your system's keyring."
        return "No secure keyring was found: keys are kept in memory and forgotten when the app ends."

    def _real_backend(self) -> KeyringBackend | None:
        if not self._looked:
            self._looked = True
            self._backend = self._find_backend()
        return self._backend

    def _from_keyring(self, name: str) -> str | None:
        backend = self._real_backend()
        if backend is None:
            return None
        from keyring.errors import KeyringError

        try:
            return backend.get_password(SERVICE, name) or None
        except KeyringError as error:
            log.warning("the keyring could not be read: %s", type(error).__name__)
            return None

    def _to_keyring(self, backend: KeyringBackend, name: str, secret: str) -> bool:
        from keyring.errors import KeyringError

        try:
            backend.set_password(SERVICE, name, secret)
        except KeyringError as error:
            log.warning("the keyring could not be written: %s", type(error).__name__)
            return False
        return True


def find_real_backend() -> KeyringBackend | None:
    """The system's keyring when it is one of `REAL_BACKENDS`; None otherwise (a plain-text file is none)."""
    import keyring
    from keyring.errors import KeyringError

    try:
        chosen: Any = keyring.get_keyring()
        candidates = list(chosen.backends) if type(chosen).__module__ == "keyring.backends.chainer" else [chosen]
    except (KeyringError, RuntimeError, OSError) as error:
        log.info("no keyring: %s", error)
        return None
    real = [backend for backend in candidates if type(backend).__module__ in REAL_BACKENDS]
    return cast("KeyringBackend", real[0]) if real else None


def _from_environment(name: str) -> str | None:
    variable = ENVIRONMENT.get(name)
    return (os.environ.get(variable, "").strip() or None) if variable else None
