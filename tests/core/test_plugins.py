"""Real VST3 plug-ins where there are any, and what can be known without one."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.effects import Effect, apply_effects, entries_of, parse_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.plugins import PluginChoice, PluginFile, find_plugins, plugin_folders, read_plugin
from grammy_desktop.core.plugins.process import PluginFailed
from grammy_desktop.core.progress import NoProgress

RATE = 48_000


@pytest.fixture(scope="module")
def plugin() -> PluginFile:
    """GRAMMY_TEST_VST3 or the first installed one."""
    named = os.environ.get("GRAMMY_TEST_VST3")
    plugins = (PluginFile(Path(named).stem, Path(named)),) if named else find_plugins()
    if not plugins:
        pytest.skip("no VST3 plug-in is installed (GRAMMY_TEST_VST3 may name one)")
    return plugins[0]


def noise(frames: int = 40_000, channels: int = 2) -> AudioClip:
    rng = np.random.default_rng(3)
    return AudioClip((0.1 * rng.standard_normal((frames, channels))).astype(np.float32), RATE)


def test_plugins_are_found_by_name_without_being_opened(tmp_path: Path) -> None:
    (tmp_path / "Maker" / "Echo.vst3" / "Contents" / "Inner.vst3").mkdir(parents=True)
    (tmp_path / "delay.VST3").write_bytes(b"no plug-in at all")
    (tmp_path / "readme.txt").write_text("nothing")
    found = find_plugins([tmp_path / "missing", tmp_path])
    assert [(plugin.name, plugin.path) for plugin in found] == [
        ("delay", tmp_path / "delay.VST3"),
        ("Echo", tmp_path / "Maker" / "Echo.vst3"),
    ]
    other = tmp_path / "other"
    (other / "ECHO.vst3").mkdir(parents=True)
    assert find_plugins([other, tmp_path])[1].path == other / "ECHO.vst3"
    assert all(folder.is_absolute() for folder in plugin_folders())


def test_what_is_no_plugin_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.vst3"
    path.write_bytes(b"no plug-in at all")
    with pytest.raises(PluginFailed, match="The plug-in “broken” could not be used"):
        read_plugin(str(path))
    with pytest.raises(UserError, match=r"The plug-in “Nowhere 3000” was not found; (there are|none is installed)"):
        read_plugin("Nowhere 3000")


def test_a_chain_with_a_plugin_as_data() -> None:
    entry = {
        "kind": "vst3",
        "plugin": "Echo",
        "name": "Echo Mono",
        "preset": "warm.vstpreset",
        "amount": 0.5,
        "parameters": {"gain_db": 3.0},
    }
    chain = parse_chain([entry, {"kind": "gain", "gain_db": 1}], "mine.toml")
    assert chain[0] == Effect("vst3", {"gain_db": 3.0}, PluginChoice("Echo", "Echo Mono", "warm.vstpreset", 0.5))
    assert parse_chain(entries_of(chain), "again") == chain
    half = chain[0].scaled(0.5).plugin
    assert half is not None
    assert half.amount == 0.25


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "vst3"}, "needs a “plugin”"),
        ({"kind": "vst3", "plugin": 3}, "“plugin” of the effect “vst3” must be a text"),
        ({"kind": "vst3", "plugin": "Echo", "gain_db": 3}, "has no “gain_db”"),
        ({"kind": "vst3", "plugin": "Echo", "amount": 2}, "“amount” of the effect “vst3” is 2"),
        (
            {"kind": "vst3", "plugin": "Echo", "parameters": {"gain": "x"}},
            "“gain” of the effect “vst3” must be a number",
        ),
        ({"kind": "vst3", "plugin": "Echo", "parameters": 3}, "must be a table of numbers"),
        ({"kind": "gain", "plugin": "Echo"}, "“plugin” of the effect “gain” must be a number"),
    ],
)
def test_a_wrong_plugin_entry_is_named(entry: dict[str, object], words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_chain([entry], "mine.toml")
    assert words in str(caught.value)


def test_a_plugin_that_is_not_heard_is_not_even_started() -> None:
    clip = noise(100)
    silent = Effect("vst3", {}, PluginChoice("Nowhere 3000", amount=0.0))
    np.testing.assert_array_equal(apply_effects(clip, [silent], progress=NoProgress()).samples, clip.samples)


def test_a_real_plugin_tells_its_parameters_and_runs(plugin: PluginFile) -> None:
    info = read_plugin(str(plugin.path))
    assert info.name
    for parameter in info.parameters:
        assert parameter.lowest <= parameter.highest
    for channels in (1, 2):
        clip = noise(channels=channels)
        result = apply_effects(clip, [Effect("vst3", {}, PluginChoice(str(plugin.path)))], progress=NoProgress())
        assert result.samples.shape == clip.samples.shape
        assert np.isfinite(result.samples).all()
    with pytest.raises(PluginFailed, match="it has no parameter “flux”"):
        apply_effects(noise(), [Effect("vst3", {"flux": 1}, PluginChoice(str(plugin.path)))], progress=NoProgress())
