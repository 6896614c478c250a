"""A file through a chain: streamed, whole, in the format asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from workflow_helpers import OWN, CancelAt, phrase, samples, saved, subtype

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.effects import apply_effects
from grammy_desktop.core.effects.named_chains import find_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.workflows.effects_file import EffectsRequest, make_effects


def run(tmp_path: Path, clip: AudioClip, chain: str, out: str = "out.wav", **options: str):  # type: ignore[no-untyped-def]
    song = saved(tmp_path / "song.wav", clip)
    staging = tmp_path / "staging"
    staging.mkdir(exist_ok=True)
    request = EffectsRequest(str(tmp_path), str(song), chain, str(tmp_path / out), **options)  # type: ignore[arg-type]
    return make_effects(request, staging, NoProgress())


def test_the_file_is_what_the_chain_makes_of_the_clip(tmp_path: Path) -> None:
    clip = phrase(3)
    made = run(tmp_path, clip, "telephone")
    known = apply_effects(clip, find_chain("telephone").chain, progress=NoProgress()).samples
    assert np.abs(samples(made.path) - known).max() < 10 ** (-110 / 20) + 2**-23
    assert subtype(made.path) == "PCM_24" and read_metadata(made.path).title == OWN.title
    assert made.report["chain"] == "telephone" and made.report["turned_down_db"] == 0
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_a_chain_from_a_file_that_goes_beyond_full_scale(tmp_path: Path) -> None:
    chain = tmp_path / "loud.toml"
    chain.write_text('[[chain]]\nkind = "gain"\ngain_db = 24\n', encoding="utf-8")
    kept = run(tmp_path, phrase(2), str(chain))
    assert subtype(kept.path) == "FLOAT" and np.abs(samples(kept.path)).max() > 1.5
    turned = run(tmp_path, phrase(2), str(chain), "out.flac")
    assert turned.report["turned_down_db"] > 3
    assert np.abs(samples(turned.path)).max() == pytest.approx(10 ** (-1 / 20), abs=1e-4)
    assert subtype(run(tmp_path, phrase(1), "tape", bits="16").path) == "PCM_16"


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    for chain, out, bits, said in (
        ("nothing", "out.wav", None, "telephone, "),
        ("tape", "out.txt", None, "must end in"),
        ("tape", "out.mp3", "16", "cannot hold"),
    ):
        with pytest.raises(UserError, match=said):
            run(tmp_path, phrase(1), chain, out, **({"bits": bits} if bits else {}))


def test_a_cancel_leaves_nothing_half_made(tmp_path: Path) -> None:
    song = saved(tmp_path / "song.wav", phrase(5))
    staging = tmp_path / "staging"
    staging.mkdir()
    request = EffectsRequest(str(tmp_path), str(song), "tape", str(tmp_path / "out.wav"))
    with pytest.raises(Cancelled):
        make_effects(request, staging, CancelAt(6))
    assert list(staging.iterdir()) == []
