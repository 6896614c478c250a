from pathlib import Path

import pytest
from ui_songs import add_song

from grammy_desktop.app import App
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import UserError
from grammy_desktop.ui.session import SongSession


@pytest.fixture
def session(qapp: object, app: App, tmp_path: Path) -> SongSession:
    made = SongSession(app.library, app.player)
    made.open(add_song(app, tmp_path))
    return made


def test_opens_the_master_beside_the_stems_it_was_made_of(session: SongSession) -> None:
    assert session.version is not None
    assert session.version.kind == "master"
    assert session.heard == "master"
    assert sorted(session.stems) == ["bass", "drums"]
    assert session.frames == 4 * 48_000
    assert session.duration == pytest.approx(4.0)


def test_mix_and_master_are_heard_equally_loud(session: SongSession) -> None:
    # The master measured 6 LU louder, so it is taken down by 6 dB and the mix is left alone.
    assert session.level_match_db == pytest.approx(-6.0)
    assert session.gains() == pytest.approx({"stem:bass": 0.0, "stem:drums": 0.0, "master": 10 ** (-6 / 20)})
    session.hear("mix")
    assert session.gains() == pytest.approx({"stem:bass": 1.0, "stem:drums": 1.0, "master": 0.0})


def test_mute_and_solo(session: SongSession) -> None:
    session.hear("mix")
    session.set_stem("drums", soloed=True)
    assert session.gains()["stem:bass"] == 0.0
    session.set_stem("drums", soloed=False, muted=True)
    assert session.gains() == pytest.approx({"stem:bass": 1.0, "stem:drums": 0.0, "master": 0.0})
    session.set_stem("bass", db=-6.0)
    assert session.gains()["stem:bass"] == pytest.approx(0.501, abs=1e-3)


def test_edits_are_undone_and_told(session: SongSession) -> None:
    told = []
    session.edits_changed.connect(lambda: told.append(session.frames))
    session.apply_edits("Cut", EditList.whole(session.frames).delete(0, 48_000))
    session.undo()
    session.redo()
    assert told == [3 * 48_000, 4 * 48_000, 3 * 48_000]


def test_a_song_that_is_gone_is_refused(session: SongSession) -> None:
    with pytest.raises(UserError):
        session.open("nothing")


def test_closing_empties_everything(session: SongSession) -> None:
    session.close()
    assert session.track is None
    assert session.frames == 0
    assert session.heard_version is None
