"""`grammy doctor`: what this machine has, each with a remedy."""

from __future__ import annotations

import argparse
import importlib.util
import platform
import shutil
from typing import Any

from grammy_desktop import __version__
from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import table
from grammy_desktop.cli.session import Session
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.playback import Player

_LIBRARIES = {
    "PySide6": "the window",
    "numpy": "audio",
    "scipy": "mastering",
    "soundfile": "reading and writing audio",
    "sounddevice": "playback",
    "pedalboard": "effects",
    "tinysoundfont": "sampled instruments",
    "sqlalchemy": "the library",
    "keyring": "the password store",
}


def _item(name: str, ok: bool, found: str, remedy: str = "") -> dict[str, Any]:
    return {"name": name, "ok": ok, "found": found, "remedy": None if ok else remedy}


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    items = [
        _item("Grammy Desktop", True, __version__),
        _item("Python", True, f"{platform.python_version()} on {platform.platform()}"),
        *_libraries(),
        _sound(),
        _keyring(),
        _ffmpeg(),
        _gpu(),
        _disk(session),
        _library(session),
    ]
    return {"items": items, "ok": all(item["ok"] for item in items)}


def _libraries() -> list[dict[str, Any]]:
    return [
        _item(
            name,
            importlib.util.find_spec(name) is not None,
            purpose,
            "run packaging/bootstrap.py run, which installs it",
        )
        for name, purpose in _LIBRARIES.items()
    ]


def _sound() -> dict[str, Any]:
    # A player of its own: a library that cannot be opened says nothing about loudspeakers.
    player = Player()
    try:
        devices = player.devices()
    except GrammyError as error:
        return _item("Sound output", False, error.message, "connect headphones or speakers")
    finally:
        player.close()
    default = next((device.name for device in devices if device.default), None)
    found = default or (devices[0].name if devices else "no output device")
    return _item(
        "Sound output", bool(devices), found, "connect headphones or speakers; songs are made without them too"
    )


def _keyring() -> dict[str, Any]:
    from grammy_desktop.core.secrets import SecretStore

    store = SecretStore()
    return _item(
        "Password store",
        store.is_persistent,
        "found" if store.is_persistent else "none: keys are kept only until you quit",
        "start a keyring (GNOME Keyring, KWallet) or set the keys as environment variables",
    )


def _ffmpeg() -> dict[str, Any]:
    path = shutil.which("ffmpeg")
    return _item("ffmpeg", path is not None, path or "not found", "install ffmpeg to read M4A, AAC and Opus files")


def _gpu() -> dict[str, Any]:
    path = shutil.which("nvidia-smi")
    return _item("GPU", True, "NVIDIA driver found" if path else "none; nothing here needs one")


def _disk(session: Session) -> dict[str, Any]:
    folder = session.paths.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    return _item("Disk", free > 1.0, f"{free:.0f} GB free in {session.paths.data_dir}", "free at least 1 GB")


def _library(session: Session) -> dict[str, Any]:
    try:
        songs = len(session.app.library.tracks(limit=100_000))
    except GrammyError as error:
        return _item("Library", False, error.message, "run grammy library verify")
    return _item("Library", True, f"{songs} songs")


def _show(result: dict[str, Any]) -> str:
    rows = [
        ["ok" if i["ok"] else "--", i["name"], i["found"] + (f" ({i['remedy']})" if i["remedy"] else "")]
        for i in result["items"]
    ]
    return table(rows)


COMMANDS = [
    Command(
        name="doctor",
        summary="What this machine has, and how to get what it lacks.",
        example="grammy doctor",
        declare=lambda parser: None,
        run=_run,
        show=_show,
    )
]
