"""The player against what really came out of the output, sample by sample."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from pulse import PulseServer, Recording, is_available, wait_until

from grammy_desktop.core.edits import EditList
from grammy_desktop.playback import Player, Programme, Source

RATE = 48_000
BIT_16 = 1 / 32768
Song = Callable[..., Path]

pytestmark = pytest.mark.skipif(not is_available(), reason="pulseaudio is not installed")


def sine(frames: int, frequency: float = 997.0, level: float = 0.5) -> NDArray[np.float32]:
    wave = level * np.sin(2 * np.pi * frequency / RATE * np.arange(frames) + 0.1)
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def noise(frames: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (frames, 2)).astype(np.float32)


def residual(samples: NDArray[np.float32], frequency: float = 997.0) -> NDArray[np.float64]:
    """x[n] - 2 cos(w) x[n-1] + x[n-2]: zero for a sine without gap, repeat or step."""
    x = samples[:, 0].astype(np.float64)
    return np.abs(x[2:] - 2 * np.cos(2 * np.pi * frequency / RATE) * x[1:-1] + x[:-2])


def heard(recording: Recording) -> NDArray[np.float32]:
    """The recording from the first sound to the last."""
    samples = recording.samples
    loud = np.flatnonzero(samples.any(axis=1))
    return samples[loud[0] : loud[-1] + 1]


def place_of(part: NDArray[np.float32], whole: NDArray[np.float32]) -> int:
    """Where in `whole` `part` begins, by correlation."""
    size = 1 << (len(part) + len(whole)).bit_length()
    product = np.fft.rfft(whole[:, 0], size) * np.conj(np.fft.rfft(part[:, 0], size))
    return int(np.fft.irfft(product, size)[: len(whole)].argmax())


@pytest.fixture(scope="module")
def long_lived(pulse: PulseServer) -> Iterator[Player]:
    player = Player()
    player.start()
    yield player
    player.close()


@pytest.fixture
def player(long_lived: Player, pulse: PulseServer) -> Player:
    """One audio process for most tests, as in the app: what one leaves behind must not disturb the next."""
    long_lived.stop()
    with pulse.record() as recording:
        recording.wait_for(lambda samples: len(samples) > 12_000 and not samples[-9600:].any())
    long_lived.set_volume(1.0)
    long_lived.set_device(None)
    return long_lived


@pytest.fixture
def fresh(pulse: PulseServer) -> Iterator[Player]:
    """For tests that take the process' surroundings away."""
    player = Player()
    yield player
    player.close()


@pytest.fixture
def write(tmp_path: Path) -> Song:
    def write(name: str, samples: NDArray[np.float32], rate: int = RATE, subtype: str = "FLOAT") -> Path:
        soundfile.write(tmp_path / name, samples, rate, subtype=subtype)
        return tmp_path / name

    return write


def one(path: Path, rate: int = RATE, **more: object) -> Programme:
    return Programme((Source("mix", path, **more),), rate)  # type: ignore[arg-type]


def wait_for_end(player: Player) -> None:
    wait_until(lambda: player.state().ended, what=f"for the end: {player.state()}")


def test_what_is_heard_is_the_file_to_the_sample(pulse: PulseServer, player: Player, write: Song) -> None:
    samples = noise(RATE)
    player.load(one(write("a.wav", samples, subtype="PCM_16")))
    with pulse.record() as recording:
        player.play()
        wait_for_end(player)
        recording.wait_for_silence()
    exact, _ = soundfile.read(write("a.wav", samples, subtype="PCM_16"), dtype="float32")
    assert np.abs(heard(recording)[: len(exact)] - exact).max() < BIT_16
    assert len(heard(recording)) == len(exact), "it stops exactly at its end"
    state = player.state()
    assert (state.position, state.playing, state.underruns, state.error) == (1.0, False, 0, None)
    assert state.sample_rate == RATE and state.device


def test_a_loop_has_no_seam(pulse: PulseServer, player: Player, write: Song) -> None:
    player.load(one(write("a.wav", sine(2 * RATE))))
    # 997 Hz repeats after a second: a loop of exactly 48,000 frames goes on as if there were none.
    player.set_loop((0.25, 1.25))
    with pulse.record() as recording:
        player.play()
        recording.wait_for(lambda samples: np.count_nonzero(samples[:, 0]) > 1.6 * RATE)
        assert 0.25 <= player.state().position < 1.25
        player.stop()
        recording.wait_for_silence()
    played = heard(recording)
    assert residual(played[: int(1.5 * RATE)]).max() < 1e-6
    assert player.state().underruns == 0
    assert player.state().position == 0.0


def test_a_loop_shorter_by_one_frame_would_be_noticed(pulse: PulseServer, player: Player, write: Song) -> None:
    player.load(one(write("a.wav", sine(RATE))))
    player.set_loop((0.0, 0.25 + 10 / RATE))
    with pulse.record() as recording:
        player.play()
        recording.wait_for(lambda samples: np.count_nonzero(samples[:, 0]) > 0.6 * RATE)
        player.stop()
    jumps = np.flatnonzero(residual(heard(recording)[: RATE // 2]) > 1e-5)
    assert set(jumps) <= {12_008, 12_009}, "exactly at the loop's end, and nowhere else"
    assert len(jumps)


def test_writing_the_future_anew_leaves_no_seam(pulse: PulseServer, player: Player, write: Song) -> None:
    player.load(one(write("a.wav", sine(RATE, 1000.0))))
    player.set_loop((0.1, 0.2))
    with pulse.record() as recording:
        player.play()
        for count in range(40):  # while it goes round the loop
            player.set_gains({"mix": 1.0})
            player.set_loop((count % 3 * 0.05, 0.2))
            start = len(recording.samples)
            recording.wait_for(lambda samples, start=start: len(samples) > start + 700)
        assert player.state().position <= 0.2
        player.stop()
        recording.wait_for_silence()
    played = heard(recording)[:-480]
    assert len(played) > RATE // 3
    assert residual(played, 1000.0).max() < 1e-6
    assert player.state().underruns == 0


def test_muting_and_switching_do_not_click(pulse: PulseServer, player: Player, write: Song) -> None:
    sources = tuple(
        Source(name, write(f"{name}.wav", sine(4 * RATE)), gain=gain) for name, gain in (("a", 1), ("b", 0))
    )
    player.load(Programme(sources, RATE))
    with pulse.record() as recording:
        player.play()
        for count in range(6):
            player.set_gains({"a": float(count % 2), "b": float(1 - count % 2)})
            start = len(recording.samples)
            recording.wait_for(lambda samples, start=start: len(samples) > start + RATE // 12)
        player.set_gains({"a": 0.25, "b": 0.0})
        start = len(recording.samples)
        recording.wait_for(lambda samples: len(samples) > start + RATE // 2)
        player.stop()
    played = heard(recording)[: -RATE // 8]
    # Both are the same sound and their gains always sum to one: the switch cannot be heard at all.
    steady = played[: int(0.4 * RATE)]
    assert residual(steady).max() < 1e-6
    # A ramp of 10 ms over the sine leaves a residual of about level * slope * w; a step would leave 0.1 and more.
    assert residual(played).max() < 2e-3
    assert np.abs(played[-2000:]).max() == pytest.approx(0.125, rel=0.01)
    assert player.state().underruns == 0


def test_stems_sum_and_start_at_their_offsets(pulse: PulseServer, player: Player, write: Song) -> None:
    first, second, mono = noise(RATE // 2, 1) * 0.5, noise(RATE // 4, 2) * 0.5, noise(RATE // 4, 3)[:, :1] * 0.5
    sources = (
        Source("drums", write("1.wav", first)),
        Source("bass", write("2.wav", second), offset=RATE // 3),
        Source("voice", write("3.wav", mono), gain=0.5),
        Source("silence", None, frames=RATE // 3 * 2),
    )
    player.load(Programme(sources, RATE))
    expected = np.zeros((RATE // 3 * 2, 2), np.float32)
    expected[: len(first)] += first
    expected[RATE // 3 : RATE // 3 + len(second)] += second
    expected[: len(mono)] += mono * np.float32(0.5)
    with pulse.record() as recording:
        player.play()
        wait_for_end(player)
        recording.wait_for_silence()
    played = heard(recording)
    assert np.abs(played - expected[: len(played)]).max() < 1e-6
    assert player.state().position == pytest.approx(2 / 3)


def test_edits_are_heard_without_rendering(pulse: PulseServer, player: Player, write: Song) -> None:
    samples = noise(RATE)
    edits = EditList.whole(RATE).delete(9000, 20_000).fade_out(30_000, 37_000).gain(100, 5000, -3)
    path = write("a.wav", samples)
    player.load(one(path, edits=edits.to_json()))
    with pulse.record() as recording:
        player.play()
        wait_for_end(player)
        recording.wait_for_silence()
    expected = np.delete(samples, slice(9000, 20_000), 0).astype(np.float64)
    expected[100:5000] *= 10 ** (-3 / 20)
    expected[30_000:] *= np.linspace(1, 0, 7000)[:, None]
    played = heard(recording)
    assert np.abs(played - expected[: len(played)]).max() < 1e-6


def test_pause_and_resume_lose_nothing(pulse: PulseServer, player: Player, write: Song) -> None:
    samples = noise(RATE)
    player.load(one(write("a.wav", samples)))
    with pulse.record() as recording:
        player.play()
        recording.wait_for(lambda s: np.count_nonzero(s[:, 0]) > RATE // 5)
        player.pause()
        assert not player.state().playing
        recording.wait_for_silence(2400)
        held = player.state()
        between = len(recording.samples) - 1
        assert not held.playing and 0.2 <= held.position < 0.9
        player.play()
        wait_for_end(player)
        recording.wait_for_silence()
    before, after = recording.samples[:between], recording.samples[between:]
    before = before[np.flatnonzero(before.any(axis=1))[0] :]
    before = before[: np.flatnonzero(before.any(axis=1))[-1] + 1]
    after = after[np.flatnonzero(after.any(axis=1))[0] :][: RATE + 10]
    held_at, fade = round(held.position * RATE), 240
    assert np.abs(before[:held_at] - samples[:held_at]).max() < BIT_16
    assert len(before) <= held_at + fade, "then it is silent"
    begin = place_of(after[fade : fade + 4000], samples) - fade
    assert abs(begin - held_at) <= 1
    rest = samples[begin + fade :]
    assert np.abs(after[fade : fade + len(rest)] - rest).max() < BIT_16


def test_seek_goes_to_the_frame(pulse: PulseServer, player: Player, write: Song) -> None:
    samples = noise(3 * RATE)
    player.load(one(write("a.wav", samples)))
    with pulse.record() as recording:
        player.play()
        recording.wait_for(lambda s: np.count_nonzero(s[:, 0]) > RATE // 4)
        player.seek(2.5)
        assert player.state().position >= 2.5, "shown at once"
        wait_for_end(player)
        recording.wait_for_silence()
    played = heard(recording)
    tail = played[-RATE // 2 + 240 :]
    assert np.abs(tail - samples[-len(tail) :]).max() < BIT_16
    assert len(played) < 1.2 * RATE
    player.stop()
    wait_until(lambda: player.state().position == 2.5, what="for the start point")


def test_a_range_is_played_once_and_exactly(pulse: PulseServer, player: Player, write: Song) -> None:
    samples = noise(RATE)
    player.load(one(write("a.wav", samples)))
    player.set_loop((0.0, 0.5))
    with pulse.record() as recording:
        player.play_range(0.25, 0.75)
        wait_for_end(player)
        recording.wait_for_silence()
    played = heard(recording)
    assert len(played) == RATE // 2
    assert np.abs(played - samples[RATE // 4 : RATE // 4 * 3]).max() < BIT_16
    assert player.state().position == 0.25


def test_an_edited_programme_takes_over_under_the_playhead(pulse: PulseServer, player: Player, write: Song) -> None:
    path = write("a.wav", sine(RATE))
    player.load(one(path))
    with pulse.record() as recording:
        player.play()
        recording.wait_for(lambda s: np.count_nonzero(s[:, 0]) > RATE // 4)
        player.replace(one(path, edits=EditList.whole(RATE).gain(0, RATE, -12).to_json()))
        assert player.state().playing
        wait_for_end(player)
        recording.wait_for_silence()
    played = heard(recording)
    assert abs(len(played) - RATE) <= 2
    assert residual(played).max() < 2e-3
    assert np.abs(played[-RATE // 4 :]).max() == pytest.approx(0.5 * 10 ** (-12 / 20), rel=0.01)


def test_meters_show_peak_and_rms_before_the_volume(pulse: PulseServer, player: Player, write: Song) -> None:
    samples = sine(RATE) * np.array([1.0, 0.5], np.float32)
    player.load(one(write("a.wav", samples)))
    player.set_volume(0.5)
    with pulse.record() as recording:
        player.play()
        wait_until(lambda: player.state().position > 0.5)
        state = player.state()
        wait_for_end(player)
    assert state.peak == pytest.approx((0.5, 0.25), rel=0.01)
    assert state.rms == pytest.approx((0.5 / 2**0.5, 0.25 / 2**0.5), rel=0.01)
    assert player.state().peak == (0.0, 0.0)
    assert np.abs(recording.samples).max() == pytest.approx(0.25, rel=0.01)


def test_the_position_is_what_is_heard(pulse: PulseServer, player: Player, write: Song) -> None:
    samples = np.zeros((RATE, 2), np.float32)
    samples[RATE // 4 :] = 0.5
    player.load(one(write("a.wav", samples)))
    with pulse.record() as recording:
        player.play()
        recording.wait_for(lambda s: bool(s[-480:].any()))
        position = player.state().position
    # The recording itself runs a few tens of milliseconds behind.
    assert 0.22 < position < 0.45


def test_a_rate_that_the_output_refuses_is_resampled(pulse: PulseServer, player: Player, write: Song) -> None:
    rate = 400_000  # more than PulseAudio takes
    frames = np.arange(rate // 2)
    wave = (0.5 * np.sin(2 * np.pi * 997 / rate * frames)).astype(np.float32)
    player.load(one(write("a.wav", np.stack([wave, wave], axis=1), rate), rate))
    with pulse.record() as recording:
        player.play()
        wait_for_end(player)
        recording.wait_for_silence()
    state = player.state()
    played = heard(recording)
    assert state.error is None and state.sample_rate < rate
    assert state.position == 0.5
    assert abs(len(played) - RATE // 2) < 100
    if state.sample_rate == RATE:
        assert residual(played[1000:-1000]).max() < 1e-4
    else:  # PulseAudio converts once more, less well
        assert np.sqrt(np.mean(played**2)) == pytest.approx(0.5 / 2**0.5, rel=0.02)


def test_outputs_are_listed_and_chosen(pulse: PulseServer, player: Player, write: Song) -> None:
    devices = player.devices()
    assert [device.default for device in devices].count(True) == 1
    assert all(device.channels > 0 and device.name for device in devices)
    other = next(device for device in devices if not device.default)
    player.load(one(write("a.wav", noise(2 * RATE))))
    player.play()
    wait_until(lambda: player.state().position > 0.1)
    player.set_device(other.name)
    wait_until(lambda: player.state().device == other.name and player.state().playing)
    at = player.state().position
    wait_until(lambda: player.state().position > at)
    player.set_device("No such output")
    wait_until(lambda: player.state().error is not None)
    assert "No such output" in str(player.state().error) and not player.state().playing
    player.set_device(None)
    player.play()
    wait_until(lambda: player.state().position > at and player.state().playing)
    assert player.state().error is None


def test_the_tone_of_the_first_run(pulse: PulseServer, player: Player) -> None:
    with pulse.record() as recording:
        player.play_tone(frequency=997.0, seconds=0.3)
        assert player.state().playing
        recording.wait_for_silence()
    wait_until(lambda: not player.state().playing)
    played = heard(recording)
    assert np.abs(played).max() == pytest.approx(10 ** (-18 / 20), rel=0.01)
    assert residual(played[1200:-1200]).max() < 1e-6


def test_files_that_cannot_be_played_are_named(pulse: PulseServer, player: Player, write: Song, tmp_path: Path) -> None:
    player.load(Programme((Source("a", tmp_path / "gone.wav"), Source("b", write("b.wav", sine(4800)))), RATE))
    wait_until(lambda: player.state().error is not None)
    assert "gone.wav" in str(player.state().error)
    player.play()  # the other one still sounds
    wait_for_end(player)
    player.load(one(write("c.wav", sine(4800), 44_100)))
    wait_until(lambda: player.state().error is not None)
    assert "44100 Hz" in str(player.state().error)


@pytest.mark.expects_log
def test_a_dead_audio_process_is_noticed_and_started_again(pulse: PulseServer, fresh: Player, write: Song) -> None:
    fresh.load(one(write("a.wav", noise(RATE))))
    fresh.set_gains({"mix": 0.5})
    fresh.play()
    wait_until(lambda: fresh.state().position > 0.3)
    process = fresh._process
    assert process is not None and process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: fresh.state().error is not None)
    assert "stopped unexpectedly" in str(fresh.state().error) and not fresh.state().playing
    at = fresh.state().position
    assert at > 0.25
    with pulse.record() as recording:
        fresh.play()
        assert fresh.state().error is None
        wait_for_end(fresh)
        recording.wait_for_silence()
    assert np.abs(recording.samples).max() == pytest.approx(0.25, abs=0.01), "gains were told again"
    assert len(heard(recording)) == pytest.approx((1 - at) * RATE, abs=2)


def test_the_audio_process_dies_with_its_parent(pulse: PulseServer, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "from grammy_desktop.playback import Player\n"
        "if __name__ == '__main__':\n"
        "    player = Player()\n"
        "    player.devices()\n"
        "    print(player._process.pid, flush=True)\n"
        "    input()\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = Path("/proc") / parent.stdout.readline().decode().strip()
        assert child.exists()
        parent.kill()
    wait_until(lambda: not child.exists() or "Z" in (child / "stat").read_text().split(")")[1][:3])


def test_a_lost_output_pauses_with_a_sentence(fresh: Player, write: Song, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="gl") as folder, PulseServer(Path(folder)) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        fresh.load(one(write("a.wav", noise(20 * RATE))))
        fresh.play()
        wait_until(lambda: fresh.state().position > 0.2)
        server.kill()
        wait_until(lambda: fresh.state().error is not None)
        state = fresh.state()
        assert "was lost at 0:" in str(state.error) and not state.playing
        assert state.position > 0.2
        fresh.play()
        wait_until(lambda: fresh.state().error is not None)
        server.start()
        fresh.play()
        wait_until(lambda: fresh.state().playing and fresh.state().position > state.position + 0.1)
        assert fresh.state().error is None


def test_without_any_output_there_is_one_plain_sentence(
    fresh: Player, write: Song, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if list(Path("/dev/snd").glob("pcm*p")):
        pytest.skip("this machine has a sound card")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    assert fresh.devices() == []
    fresh.load(one(write("a.wav", noise(4800))))
    fresh.play()
    wait_until(lambda: fresh.state().error is not None)
    assert fresh.state().error == (
        "No sound output was found. Connect one or choose it in the output menu; everything else works."
    )
    assert not fresh.state().playing
    fresh.seek(0.05)
    assert fresh.state().position == 0.05


def test_a_window_that_hangs_does_not_interrupt_the_sound(pulse: PulseServer, player: Player, write: Song) -> None:
    player.load(one(write("a.wav", sine(RATE))))
    with pulse.record() as recording:
        player.play()
        recording.wait_for(lambda s: np.count_nonzero(s[:, 0]) > 2400)
        started = time.monotonic()
        while time.monotonic() - started < 0.7:
            pow(3, 2_000_000)  # one call into C that holds Python's lock all the time
        wait_for_end(player)
        recording.wait_for_silence()
    assert len(heard(recording)) == RATE
    assert residual(heard(recording)).max() < 1e-6
    assert player.state().underruns == 0


def test_the_audio_process_imports_nothing_heavy() -> None:
    code = "import sys, grammy_desktop.playback.process; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"scipy", "PySide6", "librosa", "torch", "soundfile", "sounddevice", "soxr", "sqlalchemy"}
    ours = {name for name in done.stdout.split() if name.startswith("grammy_desktop.") and name.count(".") == 1}
    assert ours == {"grammy_desktop.core", "grammy_desktop.playback"}
