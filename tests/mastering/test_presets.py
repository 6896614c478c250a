"""The app's presets are what they say; users' own are kept, shared, refused with a sentence."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.effects import Effect
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import load_styles
from grammy_desktop.mastering.master import master
from grammy_desktop.mastering.platforms import load_platforms
from grammy_desktop.mastering.preset_files import (
    delete_preset,
    export_preset,
    import_preset,
    preset_id,
    save_preset,
)
from grammy_desktop.mastering.presets import (
    DEFAULT_PRESET,
    ClipStage,
    Preset,
    find_preset,
    load_presets,
    preset_from_json,
    preset_problems,
    preset_to_json_full,
    preset_to_toml,
    read_preset,
)

PRESETS = load_presets()
TARGETS = {
    "spotify-loud": -14,
    "apple-music": -16,
    "youtube": -14,
    "radio-ready": -8,
    "club": -7,
    "vinyl-warm": -16,
    "broadcast-r128": -23,
    "podcast": -16,
    "cinematic": -18,
    "lo-fi": -14,
}
MINE = Preset("", "Late Night", "For me: dark.", -12.5, -1.5, (Effect("peak", {"frequency": 300.0, "gain_db": -1.25}),))


def song(seconds: float = 6.0, seed: int = 0, rate: int = 44_100) -> AudioClip:
    """Kick, bass, chords and hats at -18 LUFS."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    kick = np.exp(-(t % 0.5) * 14) * np.sin(2 * np.pi * 55 * t)
    hats = np.exp(-(t % 0.25) * 40)[:, None] * rng.standard_normal((len(t), 2))
    hats = signal.sosfilt(signal.butter(2, 6000, "high", fs=rate, output="sos"), hats, axis=0)
    sound = 0.6 * kick[:, None] + 0.06 * hats
    for number, frequency in enumerate((110, 220, 277, 330, 660, 1320)):
        tone = signal.sosfilt(
            signal.butter(1, 2500, fs=rate, output="sos"), signal.sawtooth(2 * np.pi * frequency * t + number)
        )
        sound += 0.1 * tone[:, None] * np.array([1.0 - 0.12 * number, 0.4 + 0.12 * number])
    sound *= np.where(t < seconds / 2, 0.5, 1.0)[:, None]
    clip = AudioClip(sound.astype(np.float32), rate)
    level = measure(clip, true_peak=False).integrated
    assert level is not None
    return AudioClip(clip.samples * np.float32(10 ** ((-18 - level) / 20)), rate)


def test_the_shipped_presets() -> None:
    assert {name: preset.target_lufs for name, preset in PRESETS.items()} == TARGETS
    assert DEFAULT_PRESET in PRESETS
    platforms = {platform.id: platform for platform in load_platforms()}
    for name, preset in PRESETS.items():
        assert preset.id == name == read_preset(resource("presets", f"{name}.toml")).id
        assert preset.name and preset.description.startswith("For ") and preset.description.endswith(".")
        assert not preset.own and not preset.based_on
        kinds = {effect.kind for effect in preset.chain}
        assert {"highpass", "multiband", "saturation", "width"} <= kinds
        width = next(effect for effect in preset.chain if effect.kind == "width")
        assert width.values()["mono_below"] >= 60
        assert preset.platforms and preset.genres
        for platform in preset.platforms:
            assert preset.ceiling_dbtp <= platforms[platform].ceiling_dbtp


def test_genres_are_styles_of_the_house() -> None:
    known = set(json.loads(resource("meter", "reference.json").read_text(encoding="utf-8"))["styles"])
    styles = load_styles()
    named = {genre for preset in PRESETS.values() for genre in preset.genres}
    assert named <= known | set(styles)
    # What derives from a style is mastered as that is.
    assert {style.id for style in styles.values() if not style.parent} <= named


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_preset_lands_on_its_target_without_pumping(name: str) -> None:
    clip = song()
    mastered = master(clip, PRESETS[name], progress=NoProgress())
    report = mastered.report
    assert report.reached, report.note
    assert report.after.integrated == pytest.approx(TARGETS[name], abs=0.1)
    assert report.after.true_peak is not None
    assert report.after.true_peak <= PRESETS[name].ceiling_dbtp + 0.02
    assert unsteadiness(clip, mastered.clip) < (2.5 if TARGETS[name] > -10 else 1.3)
    assert low_correlation(mastered.clip) > 0.97


def unsteadiness(before: AudioClip, after: AudioClip) -> float:
    """Standard deviation in dB of what the chords' gain (400 to 3,000 Hz) does from one 50 ms to another: the pumping.

    Slow changes (2 s) are left out: a loud part may be held, a beat may not.
    """
    size = before.sample_rate // 20
    sections = signal.butter(4, (400, 3000), "bandpass", fs=before.sample_rate, output="sos")
    levels = []
    for clip in (before, after):
        frames = len(clip.samples) // size
        chords = signal.sosfiltfilt(sections, clip.samples, axis=0)[: frames * size]
        power = np.mean(chords.reshape(frames, -1) ** 2, axis=1)
        levels.append(10 * np.log10(power + 1e-9))
    gain = (levels[1] - levels[0])[levels[0] > levels[0].max() - 25]
    slow = np.convolve(np.pad(gain, 20, mode="edge"), np.ones(41) / 41, "valid")
    return float(np.std(gain - slow))


def low_correlation(clip: AudioClip) -> float:
    sections = signal.butter(4, 60, fs=clip.sample_rate, output="sos")
    left, right = signal.sosfilt(sections, clip.samples, axis=0).T
    return float(left @ right / np.sqrt((left @ left) * (right @ right)))


def test_only_those_that_say_so_darken() -> None:
    clip = song()
    change = {name: tone_change(clip, master(clip, PRESETS[name], progress=NoProgress()).clip) for name in PRESETS}
    assert {name for name, treble in change.items() if treble < -1.0} == {"vinyl-warm", "lo-fi"}
    assert change["lo-fi"] < change["vinyl-warm"]
    assert max(change.values()) < 3.5


def tone_change(before: AudioClip, after: AudioClip) -> float:
    """dB that 6 to 12 kHz gained against 300 to 3,000 Hz."""
    levels = []
    for clip in (before, after):
        frequencies, power = signal.welch(clip.samples.mean(axis=1), clip.sample_rate, nperseg=8192)
        middle = power[(frequencies > 300) & (frequencies < 3000)].sum()
        levels.append(10 * np.log10(power[(frequencies > 6000) & (frequencies < 12_000)].sum() / middle))
    return float(levels[1] - levels[0])


@pytest.mark.parametrize("preset", [*PRESETS.values(), MINE, replace(MINE, name='Ünïcode "q" \\ 夜', based_on="club")])
def test_written_forms_read_back_the_same(preset: Preset, tmp_path: Path) -> None:
    named = replace(preset, id=preset.id or "mine", clip=preset.clip or ClipStage(-1.5, 2.25))
    assert preset_from_json(json.loads(json.dumps(preset_to_json_full(named), allow_nan=False))) == named
    (tmp_path / "x.toml").write_text(preset_to_toml(named), encoding="utf-8")
    assert read_preset(tmp_path / "x.toml") == named


def test_save_load_replace_delete(tmp_path: Path) -> None:
    folder = tmp_path / "presets"
    saved = save_preset(replace(PRESETS["club"], name="Late Night (warm)"), folder)
    assert (saved.id, saved.based_on, saved.own) == ("late-night-warm", "club", True)
    assert load_presets(folder)["late-night-warm"] == saved
    assert list(load_presets(folder))[-1] == "late-night-warm"
    louder = replace(saved, target_lufs=-6.5)
    with pytest.raises(UserError, match=r"already; choose another name or replace it"):
        save_preset(louder, folder)
    again = save_preset(louder, folder, overwrite=True)
    assert again.based_on == "club"
    assert load_presets(folder)["late-night-warm"].target_lufs == -6.5
    assert [path.name for path in folder.iterdir()] == ["late-night-warm.toml"]
    delete_preset("late-night-warm", folder)
    assert list(folder.iterdir()) == []
    with pytest.raises(UserError, match="no preset “late-night-warm” of yours"):
        delete_preset("late-night-warm", folder)


def test_the_apps_own_stay(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="app's own presets and stays as it is"):
        save_preset(replace(MINE, name="Spotify LOUD"), tmp_path, overwrite=True)
    with pytest.raises(UserError, match="cannot be deleted"):
        delete_preset("club", tmp_path)
    (tmp_path / "club.toml").write_text("target_lufs = -11\nceiling_dbtp = -2\n")
    assert load_presets(tmp_path)["club"] == PRESETS["club"]
    assert "has the id “club” of one of the app's own presets" in preset_problems(tmp_path)[0]


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="at least one letter or digit"):
        save_preset(replace(MINE, name=" !? "), tmp_path)
    with pytest.raises(UserError, match="takes true peaks up to -2 dBTP; its ceiling is -1 dBTP"):
        save_preset(replace(MINE, ceiling_dbtp=-1.0, platforms=("amazon-music",)), tmp_path)
    with pytest.raises(UserError, match="there is no effect “fuzz”"):
        save_preset(replace(MINE, chain=(Effect("fuzz"),)), tmp_path)
    with pytest.raises(UserError, match="3 LUFS cannot be a target"):
        save_preset(replace(MINE, target_lufs=3.0), tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises((EnvironmentFailure, UserError), match="could not be written"):
        save_preset(MINE, tmp_path / "file" / "presets")


def test_ids() -> None:
    assert preset_id("  Föö — Bar/../2 ") == "föö-bar-2"
    assert preset_id("夜の歌") == "夜の歌"
    assert preset_id("CON") == "preset-con"
    assert len(preset_id("x" * 300)) <= 48


def test_shared_as_a_file(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    saved = save_preset(MINE, theirs)
    file = export_preset(saved, tmp_path / "for a friend")
    assert file.name == "for a friend.toml"
    assert tomllib.loads(file.read_text(encoding="utf-8"))["name"] == "Late Night"
    first = import_preset(file, ours)
    assert (first.id, first.name) == ("late-night", "Late Night")
    assert import_preset(file, ours) == first
    other = export_preset(replace(saved, target_lufs=-9.0), tmp_path / "other.toml")
    second = import_preset(other, ours)
    assert (second.id, second.name) == ("late-night-2", "Late Night 2")
    assert import_preset(other, ours) == second
    builtin = export_preset(replace(PRESETS["club"], target_lufs=-6.0), tmp_path / "club.toml")
    assert import_preset(builtin, ours).id == "club-2"
    assert set(load_presets(ours)) - set(PRESETS) == {"late-night", "late-night-2", "club-2"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("target_lufs = -11", "“ceiling_dbtp” must be a number"),
        ("target_lufs = 3\nceiling_dbtp = -1", "3 LUFS cannot be a target"),
        ("target_lufs = nan\nceiling_dbtp = -1", "must be a number"),
        ("target_lufs = -9\nceiling_dbtp = -1\nloud = 1", "a preset has no “loud”"),
        ("target_lufs = -9\nceiling_dbtp = -1\nname = 7", "“name” must be text"),
        ("target_lufs = -9\nceiling_dbtp = -1\nplatforms = 'spotify'", "“platforms” must be a list"),
        ("target_lufs = -9\nceiling_dbtp = -1\nname = '" + "n" * 81 + "'", "81 characters; 80 is the most"),
        ("target_lufs = -9\nceiling_dbtp = -1\n[[chain]]\nkind = 'fuzz'", "there is no effect “fuzz”"),
        ("target_lufs = -9\nceiling_dbtp = -1\n" + "[[chain]]\nkind = 'gain'\n" * 33, "33 effects"),
        ("target_lufs = -9\nceiling_dbtp = -1\n[clip]\nknee_db = 1\nlimit_db = 1", "must be above “knee_db”"),
        ("target_lufs =", "could not be read as a preset"),
        ("x = " + "[" * 9000, "could not be read as a preset"),
        ("#" * 300_000, "too large to be a preset"),
    ],
)
def test_one_broken_file_leaves_the_others(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    save_preset(MINE, tmp_path)
    assert set(load_presets(tmp_path)) == {*PRESETS, "late-night"}
    (problem,) = preset_problems(tmp_path)
    assert words in problem
    assert "“bad.toml”" in problem
    with pytest.raises(UserError, match="bad"):
        import_preset(tmp_path / "bad.toml", tmp_path / "other")
    delete_preset("bad", tmp_path)
    assert preset_problems(tmp_path) == ()


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "noise.toml").write_bytes(os.urandom(4000))
    (tmp_path / "folder.toml").mkdir()
    assert set(load_presets(tmp_path)) == set(PRESETS)
    assert len(preset_problems(tmp_path)) == 2
    with pytest.raises(UserError, match=r"“none\.toml” does not exist"):
        import_preset(tmp_path / "none.toml", tmp_path)
    with pytest.raises(UserError, match=r"“noise\.toml” could not be read as a preset: it is no text in UTF-8; save"):
        import_preset(tmp_path / "noise.toml", tmp_path)
    with pytest.raises(UserError, match=r"“folder\.toml” is a folder, not a preset"):
        import_preset(tmp_path / "folder.toml", tmp_path)
    with pytest.raises(UserError, match=r"is a folder; name a file, such as .*club\.toml"):
        export_preset(PRESETS["club"], tmp_path)


def test_find() -> None:
    assert find_preset(PRESETS, "club").name == "Club"
    with pytest.raises(UserError, match="There is no preset “loud”; there are apple-music, broadcast-r128, cinematic"):
        find_preset(PRESETS, "loud")
