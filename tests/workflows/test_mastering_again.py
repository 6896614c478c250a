"""A changed take is mastered as the take that it came from."""

from __future__ import annotations

import json
from pathlib import Path

from grammy_desktop.workflows.mastering_aim import Mastering, aim_details, mastering_again

PRESETS = ("spotify-loud", "vinyl-warm")


def kept(mastering: Mastering, **report: object) -> dict[str, object]:
    """As the library gives it back."""
    plain = {"preset": mastering.preset, "target_lufs": -14.0, "ceiling_dbtp": -1.0, "intensity": 0.7, **report}
    return dict(json.loads(json.dumps({**plain, "aim": aim_details(mastering)})))


def test_a_preset_comes_again_with_its_goals() -> None:
    again = mastering_again(kept(Mastering(preset="vinyl-warm", codec_safe=True)), PRESETS)
    assert again == Mastering(preset="vinyl-warm", loudness=-14.0, ceiling=-1.0, intensity=0.7, codec_safe=True)


def test_references_come_again_with_their_weights(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("Größe.wav", "two words.flac")]
    for file in files:
        file.write_bytes(b"")
    names = tuple(map(str, files))
    mastering = Mastering(references=names, weights=(2.0, 1.0))
    again = mastering_again(kept(mastering, preset="reference"), PRESETS)
    assert (again.references, again.weights) == (names, (2.0, 1.0))
    # What it is matched to says how loud.
    assert again.loudness is None
    one = mastering_again(kept(Mastering(reference=names[0]), preset="reference"), PRESETS)
    assert one.all_references == (files[0],)


def test_where_a_reference_has_gone_the_default_takes_its_place(tmp_path: Path) -> None:
    mastering = Mastering(reference=str(tmp_path / "gone.wav"))
    again = mastering_again(kept(mastering, preset="reference"), PRESETS)
    assert again.all_references == ()
    assert (again.preset, again.loudness) == ("spotify-loud", -14.0)


def test_a_preset_of_ones_own_comes_again() -> None:
    custom = {"name": "mine", "target_lufs": -11.0}
    assert mastering_again(kept(Mastering(custom=custom), preset="mine"), PRESETS).custom == custom


def test_masters_of_older_versions_are_understood() -> None:
    again = mastering_again({"preset": "vinyl-warm", "target_lufs": -16.0}, PRESETS)
    assert (again.preset, again.loudness, again.intensity) == ("vinyl-warm", -16.0, 1.0)
    assert mastering_again({}, PRESETS).preset == "spotify-loud"
