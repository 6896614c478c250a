"""VST3 instruments: a stand-in process that keeps the protocol, others that misbehave, and a real one where there is one."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.plugins.catalogue import plugin_kind
from grammy_desktop.core.plugins.child import _CONTROLLERS
from grammy_desktop.core.plugins.messages import pack_audio, pack_json, unpack_json
from grammy_desktop.core.plugins.process import PluginFailed
from grammy_desktop.core.song import Note, Part
from grammy_desktop.core.styles.sounds import Vst3Sound
from grammy_desktop.generation.composer.render import RATE
from grammy_desktop.generation.composer.render.kept_takes import kept_take, take_key
from grammy_desktop.generation.composer.render.user_sounds import OwnInstruments, render_own
from grammy_desktop.generation.composer.render.vst_instrument import VstInstrument, find_preset

LATENCY, LATE = 700, 240
NOTES = (Note(1, 1, 60, 100), Note(2, 0.5, 64, 80), Note(3, 1, 67, 120))
INFO = {"name": "Click", "maker": "Us", "version": "1", "category": "Instrument", "latency": LATENCY, "parameters": []}


def clicks(connection: Connection, *, silent_after: int | None = None) -> None:
    """An instrument that answers a note with a tone, delayed by what it tells (700 frames) and by 5 ms that it does not."""
    later: dict[int, int] = {}
    place = played = 0
    while True:
        request = unpack_json(connection.recv_bytes())
        if request["do"] != "play":
            connection.send_bytes(pack_json(INFO))
            continue
        if request["reset"]:
            later, place = {}, 0
        frames = int(str(request["frames"]))
        out = np.zeros((2, frames), np.float32)
        for frame, message in request["events"]:  # type: ignore[attr-defined]
            if message[0] & 0xF0 == 0x90:
                later[place + int(frame) + LATENCY + LATE] = message[2]
        for begin, velocity in later.items():
            time = np.arange(place, place + frames) - begin
            tone = np.sin(2 * np.pi * 440 * time / RATE) * velocity / 127
            out += np.where((time >= 0) & (time < RATE // 4), tone, 0.0).astype(np.float32)
        place += frames
        played += 1
        if silent_after is not None and played > silent_after:
            os.kill(os.getpid(), signal.SIGSEGV)
        connection.send_bytes(pack_audio(out))


def crashes_in_the_song(connection: Connection) -> None:
    clicks(connection, silent_after=6)


def hangs_at_once(connection: Connection) -> None:
    connection.recv_bytes()
    connection.send_bytes(pack_json(INFO))
    threading.Event().wait()


def stays_silent(connection: Connection) -> None:
    while True:
        request = unpack_json(connection.recv_bytes())
        frames = int(str(request.get("frames", 0)))
        connection.send_bytes(
            pack_audio(np.zeros((2, frames), np.float32)) if request["do"] == "play" else pack_json(INFO)
        )


def delays_for_ever(connection: Connection) -> None:
    while True:
        connection.recv_bytes()
        connection.send_bytes(pack_json({**INFO, "latency": 10**9}))


def gives_no_numbers(connection: Connection) -> None:
    while True:
        request = unpack_json(connection.recv_bytes())
        frames = int(str(request.get("frames", 0)))
        connection.send_bytes(
            pack_audio(np.full((2, frames), np.nan, np.float32)) if request["do"] == "play" else pack_json(INFO)
        )


@pytest.fixture
def plugin(tmp_path: Path) -> Vst3Sound:
    path = tmp_path / "Größe XT.vst3"
    path.write_bytes(b"no plug-in at all")
    return Vst3Sound(str(path))


def render(instrument: VstInstrument, notes: tuple[Note, ...] = NOTES, seconds: float = 2.5) -> np.ndarray:
    out = np.zeros((round(seconds * RATE) + 13, 2), np.float32)
    instrument.render(notes, clock=lambda beat: beat * 0.5, out=out, check=lambda: None)
    return out


def test_what_it_delays_is_taken_off(plugin: Vst3Sound) -> None:
    with VstInstrument(plugin, entry=clicks) as instrument:
        assert instrument.latency == LATENCY
        assert instrument.calibration.late(60) == pytest.approx(LATE / RATE, abs=0.0011)
        sound = render(instrument)
        assert np.array_equal(render(instrument), sound)
    for note in NOTES:
        begin = round(note.start * 0.5 * RATE)
        assert np.abs(sound[begin - 200 : begin - 60]).max() < 1e-6
        assert np.abs(sound[begin + 60 : begin + 300]).max() > 0.01


FAILURES = [
    (hangs_at_once, "did not answer within"),
    (stays_silent, "stays silent when a note is played; it may need a preset or its licence"),
    (delays_for_ever, "says that it delays by 1000000000 frames; that cannot be"),
    (gives_no_numbers, "gave back numbers that are no sound"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins use POSIX signals")
@pytest.mark.expects_log
@pytest.mark.parametrize(("entry", "words"), FAILURES, ids=lambda value: getattr(value, "__name__", ""))
def test_an_instrument_that_cannot_play_is_one_sentence(
    plugin: Vst3Sound, entry: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grammy_desktop.generation.composer.render.vst_instrument.ANSWER_SECONDS", 1.0)
    with pytest.raises(PluginFailed, match=words) as caught:
        VstInstrument(plugin, entry=entry)  # type: ignore[arg-type]
    assert "“Größe XT”" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins use POSIX signals")
@pytest.mark.expects_log
def test_a_crash_in_the_middle_of_a_song_is_told(plugin: Vst3Sound) -> None:
    with (
        VstInstrument(plugin, entry=crashes_in_the_song) as instrument,
        pytest.raises(PluginFailed, match=r"“Größe XT” crashed \(SIGSEGV\)\. Its part is played by another instrument"),
    ):
        render(instrument)


@pytest.mark.expects_log
def test_a_part_whose_plugin_fails_is_played_by_its_stand_in(plugin: Vst3Sound) -> None:
    own, asked = OwnInstruments(), []

    def otherwise(part: Part) -> np.ndarray:
        asked.append(part.sound)
        return np.ones((10, 2), np.float32)

    for sound in (f"vst3:{plugin.plugin}", "vst3:Nowhere 3000 else sf:0:38", "vst3:Nowhere 3000:Pad else sf:0:89"):
        part = Part("line", "bass", NOTES, sound=sound)
        render_own(part, own, clock=lambda beat: beat * 0.5, frames=10, check=lambda: None, otherwise=otherwise)
    assert asked == ["sf:0:33", "sf:0:38", "sf:0:89"]
    assert "“Größe XT” could not be used" in own.told[0]
    assert own.told[0].endswith("The part “line” is played by sf:0:33 instead.")
    assert "“Nowhere 3000” was not found" in own.told[1]


def test_a_take_is_kept_until_something_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, plugin, preset = tmp_path / "cache", tmp_path / "a.vst3", tmp_path / "p.vstpreset"
    plugin.write_bytes(b"one")
    preset.write_bytes(b"soft")
    rng = np.random.default_rng(1)
    made: list[np.ndarray] = []

    def make() -> np.ndarray:
        made.append(rng.standard_normal((100, 2)).astype(np.float32))
        return made[-1]

    def take(notes: tuple[Note, ...] = NOTES, tempo: float = 0.5) -> np.ndarray:
        key = take_key(plugin, preset, notes, lambda beat: beat * tempo, 100)
        return kept_take(folder, key, 100, make)

    first = take()
    assert np.array_equal(take(), first)
    assert len(made) == 1
    take(NOTES[:2])
    take(tempo=0.4)
    preset.write_bytes(b"hard")
    take()
    plugin.write_bytes(b"two!")
    take()
    assert len(made) == 5
    for path in folder.iterdir():
        path.write_bytes(b"cut short")
    take()
    assert len(made) == 6
    monkeypatch.setattr("grammy_desktop.generation.composer.render.kept_takes.LARGEST", 2_000)
    take(NOTES[1:])
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 2_000
    assert kept_take(None, "x", 100, make) is made[-1]


def test_presets_are_found_by_name(tmp_path: Path) -> None:
    for folder in ("Other", "Surge XT"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Warm Pad.vstpreset").write_bytes(b"")
    assert find_preset("warm pad", "Surge XT", tmp_path).parent.name == "Surge XT"
    assert find_preset(str(tmp_path / "Other" / "Warm Pad.vstpreset"), "Surge XT", None).parent.name == "Other"
    with pytest.raises(UserError, match=r"The preset “Cold Pad” of the plug-in “Surge XT” was not found; save it as"):
        find_preset("Cold Pad", "Surge XT", tmp_path)


def test_a_plugin_tells_its_kind_without_being_loaded(tmp_path: Path) -> None:
    for name, categories in (("a", '"Instrument", "Synth"'), ("b", '"Fx", "Reverb"'), ("c", "")):
        folder = tmp_path / f"{name}.vst3" / "Contents" / "Resources"
        folder.mkdir(parents=True)
        (folder / "moduleinfo.json").write_text('{ // JSON5\n "Classes": [{"Sub Categories": [' + categories + "],}],}")
    assert [plugin_kind(tmp_path / f"{name}.vst3") for name in "abcd"] == ["instrument", "effect", "", ""]


def test_midi_controllers_are_no_parameters() -> None:
    for name in ("MIDI Ch. 1 CC 0", "MIDI Ch. 16 CC 129"):
        assert _CONTROLLERS.match(name)
    for name in ("Cutoff", "MIDI Channel", "CC 1 Amount"):
        assert not _CONTROLLERS.match(name)


@pytest.fixture(scope="module")
def real() -> str:
    named = os.environ.get("GRAMMY_TEST_VST3_INSTRUMENT")
    if not named:
        pytest.skip("GRAMMY_TEST_VST3_INSTRUMENT names no VST3 instrument")
    return named


def test_a_real_instrument_plays_on_time_and_in_tune(real: str) -> None:
    with VstInstrument(Vst3Sound(real)) as instrument:
        sound = render(instrument, (Note(1, 2, 57, 100),), seconds=2.0)
    envelope = np.abs(sound).max(axis=1)
    begin = int(np.argmax(envelope > 0.1 * envelope[: RATE * 3 // 4].max())) / RATE
    assert abs(begin - 0.5) < 0.005
    body = sound[int(0.6 * RATE) : int(1.4 * RATE)].sum(axis=1)
    power = np.abs(np.fft.rfft(body * np.hanning(len(body)), 1 << 18))
    hertz = np.fft.rfftfreq(1 << 18, 1 / RATE)
    near = (hertz > 213) & (hertz < 227)
    assert power[near].max() > 0.1 * power.max()
    assert abs(1200 * np.log2(hertz[near][power[near].argmax()] / 220)) < 25


def test_a_real_instrument_plays_the_same_again(real: str, tmp_path: Path) -> None:
    own = OwnInstruments(cache=tmp_path)
    part = Part("line", "lead", NOTES, sound=f"vst3:{real}")
    first, again = (
        render_own(
            part,
            own,
            clock=lambda beat: beat * 0.5,
            frames=RATE,
            check=lambda: None,
            otherwise=lambda _: np.ones((1, 2)),
        )
        for _ in range(2)
    )
    assert np.array_equal(first, again)
    assert np.abs(first).max() > 0.01
    assert own.told == []


@pytest.mark.expects_log
def test_a_real_instrument_is_no_effect(real: str) -> None:
    from grammy_desktop.core.plugins import read_plugin

    with pytest.raises(PluginFailed, match="it is an instrument, not an effect"):
        read_plugin(real)
    info = read_plugin(real, instrument=True)
    assert info.name
    assert not any(parameter.name.startswith("midi_ch") for parameter in info.parameters)
