"""`grammy instruments`: what a sheet may name, the user's own among it."""

from __future__ import annotations

import shutil

from cli_helpers import Shell

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.sounds import is_sound, shipped_patches


def test_every_sound_is_listed_with_what_a_sheet_writes(shell: Shell) -> None:
    folder = shell.data / "soundfonts"
    folder.mkdir(parents=True)
    shutil.copy(resource("soundfonts", "fluid_core.sf3"), folder / "Flügel groß.sf3")
    (folder / "kaputt.sf2").write_bytes(b"no font")
    (shell.data / "patches").mkdir()
    (shell.data / "patches" / "mine.toml").write_text('[my_bass]\nkind = "subtractive"\n')
    code, result, said = shell("instruments", "--json")
    assert code == 0
    items = {item["id"]: item for item in result["items"]}
    assert all(is_sound(sound, shipped_patches() | {"my_bass"}) for sound in items)
    assert items["sf:0:0"]["kind"] == "preset"
    assert not items["synth:warm_pad"]["own"]
    assert items["synth:my_bass"]["own"]
    assert items["font:Flügel groß:0:4"]["name"] == items["sf:0:4"]["name"]
    assert items["font:Flügel groß:0:4"]["licence"]
    assert len([item for item in items.values() if item["kind"] == "font"]) == 47
    assert result["problems"] == ["“kaputt.sf2” is no sound font; wanted is an SF2 or SF3 file."]
    assert "kaputt.sf2" in said


def test_only_ones_own_and_only_a_kind(shell: Shell) -> None:
    code, text, _ = shell("instruments", "--own", "--kind", "font")
    assert code == 0
    assert text.startswith("None. Put sound fonts (SF2, SF3) into ")
    code, result, _ = shell("instruments", "--kind", "preset", "--json")
    assert {item["kind"] for item in result["items"]} == {"preset"}
