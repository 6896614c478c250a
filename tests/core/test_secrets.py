from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.errors import KeyringLocked, PasswordDeleteError

from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.secrets import SERVICE, SecretPlace, SecretStore, find_real_backend


class Keyring:
    """A keyring in memory that can be locked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if username == "stubborn":
            raise PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("SUPABASE_KEY", raising=False)


def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Keyring()
    store = SecretStore(find_backend=lambda: backend)
    assert store.set("openai", " from the keyring ") is SecretPlace.KEYRING
    assert store.get("openai") == "from the keyring"
    monkeypatch.setenv("OPENAI_API_KEY", "from the environment")
    assert (store.get("openai"), store.place("openai")) == ("from the environment", SecretPlace.ENVIRONMENT)
    with pytest.raises(UserError, match="OPENAI_API_KEY"):
        store.delete("openai")


def test_the_keyring_keeps_and_forgets() -> None:
    backend = Keyring()
    store = SecretStore(find_backend=lambda: backend)
    assert store.is_persistent and "keyring" in store.explain()
    store.set("supabase", "s3cret")
    assert backend.kept == {(SERVICE, "supabase"): "s3cret"}
    assert SecretStore(find_backend=lambda: backend).get("supabase") == "s3cret"
    store.delete("supabase")
    store.delete("supabase")
    assert (backend.kept, store.get("supabase"), store.place("supabase")) == ({}, None, None)
    store.set("stubborn", "x")
    with pytest.raises(EnvironmentFailure):
        store.delete("stubborn")


def test_without_a_keyring_it_is_memory_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = SecretStore(find_backend=lambda: None)
    assert store.set("openai", "s3cret") is SecretPlace.MEMORY
    assert (store.get("openai"), store.place("openai")) == ("s3cret", SecretPlace.MEMORY)
    assert not store.is_persistent and "memory" in store.explain()
    assert SecretStore(find_backend=lambda: None).get("openai") is None
    assert list(tmp_path.iterdir()) == []
    store.delete("openai")
    assert store.get("openai") is None


@pytest.mark.expects_log
def test_a_locked_keyring_falls_back_to_memory() -> None:
    backend = Keyring()
    backend.locked = True
    store = SecretStore(find_backend=lambda: backend)
    assert store.get("openai") is None
    assert store.set("openai", "s3cret") is SecretPlace.MEMORY
    assert store.get("openai") == "s3cret"


def test_every_secret_is_told_to_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    store = SecretStore(on_secret=told.append, find_backend=lambda: None)
    store.set("openai", "first")
    monkeypatch.setenv("SUPABASE_KEY", "second")
    store.get("supabase")
    assert told == ["first", "second"]
    with pytest.raises(UserError):
        store.set("openai", "  ")


def backend_from(module: str) -> Any:
    return type("Backend", (), {"__module__": module})()


@pytest.mark.parametrize(
    ("module", "real"),
    [
        ("keyring.backends.SecretService", True),
        ("keyring.backends.macOS", True),
        ("keyring.backends.Windows", True),
        ("keyring.backends.kwallet", True),
        ("keyring.backends.fail", False),
        ("keyring.backends.null", False),
        ("keyrings.alt.file", False),
    ],
)
def test_only_real_keyrings_count(monkeypatch: pytest.MonkeyPatch, module: str, real: bool) -> None:
    backend = backend_from(module)
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    assert (find_real_backend() is backend) is real


def test_a_chain_gives_its_first_real_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = backend_from("keyring.backends.chainer")
    real = backend_from("keyring.backends.SecretService")
    chain.backends = [backend_from("keyrings.alt.file"), real]
    monkeypatch.setattr(keyring, "get_keyring", lambda: chain)
    assert find_real_backend() is real


def test_this_machine_is_asked_without_harm() -> None:
    store = SecretStore()
    assert isinstance(store.is_persistent, bool)
    assert os.environ.get("OPENAI_API_KEY") is None
