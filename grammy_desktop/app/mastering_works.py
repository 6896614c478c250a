"""Works of the mastering suite: effect chains, the translation check, many files at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grammy_desktop.core.paths import AppPaths
from grammy_desktop.jobs import Lane, Work
from grammy_desktop.workflows import check_track, delivery, effects_file, master_album, master_batch
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.naming import one_line, safe_name


def effects_file_work(
    paths: AppPaths,
    source: Path,
    chain: str,
    out: Path,
    *,
    bits: str | None = None,
    dither: Any = "tpdf",
    numbered: bool = False,
) -> Work:
    """numbered: as for `file_master_work`."""
    request = effects_file.EffectsRequest(str(paths.data_dir), str(source), chain, str(out), bits, dither)

    def finish(made: effects_file.MadeEffects) -> dict[str, Any]:
        return {**made.report, "file": str(delivery.put_file(made.path, out, numbered=numbered))}

    return Work(
        kind="effects",
        title=one_line(source.name),
        lane=Lane.MASTERING,
        function=effects_file.make_effects,
        request=request,
        finish=finish,
    )


def check_work(
    paths: AppPaths,
    source: Path,
    *,
    title: str = "",
    track_id: str | None = None,
    codecs: bool = True,
    every_codec: bool = False,
    renders: tuple[str, ...] = (),
    out_dir: Path | None = None,
) -> Work:
    request = check_track.CheckRequest(str(paths.data_dir), str(source), codecs, every_codec, renders)

    def finish(made: check_track.MadeCheck) -> dict[str, Any]:
        files: dict[str, str] = {}
        for name, path in made.renders.items():
            place = out_dir if out_dir is not None else source.parent
            # A song's file in the library is named by its content.
            called = source.with_name(f"{safe_name(title)}{source.suffix}") if title else source
            (target,) = delivery.plan_outputs([called], out_dir=place, word=f" {name}")
            files[name] = str(delivery.put_file(path, target, numbered=True))
        return {"path": str(source), **made.report, "files": files}

    return Work(
        kind="check",
        title=title or one_line(source.name),
        lane=Lane.MASTERING,
        function=check_track.make_check,
        request=request,
        finish=finish,
        track_id=track_id,
    )


def file_master_work(
    paths: AppPaths,
    source: Path,
    mastering: Mastering,
    out: Path,
    *,
    bits: str | None = None,
    proof: bool = False,
    assistant: bool = False,
    genre: str | None = None,
    numbered: bool = False,
) -> Work:
    """A file outside the library to `out`, in the format of its ending, with the proof of the written file.

    numbered: `out` is a name of ours (`plan_outputs`): who takes it meanwhile keeps it, and the master gets the next number.
    """
    request = master_batch.FileMasterRequest(
        data_dir=str(paths.data_dir),
        source=str(source),
        mastering=mastering,
        out=str(out),
        bits=bits,
        proof=proof,
        assistant=assistant,
        genre=genre,
    )

    def finish(made: master_batch.MadeFileMaster) -> dict[str, Any]:
        return {**made.report, "file": str(delivery.put_file(made.path, out, numbered=numbered))}

    return Work(
        kind="master",
        title=one_line(source.name),
        lane=Lane.MASTERING,
        function=master_batch.make_file_master,
        request=request,
        finish=finish,
    )


def album_work(paths: AppPaths, sources: Sequence[Path], mastering: Mastering, *, assistant: bool = False) -> Work:
    """Measures the tracks and gives each its aim: a `MadeAlbumPlan`."""
    named = tuple(str(source) for source in sources)
    request = master_album.AlbumRequest(str(paths.data_dir), named, mastering, assistant)
    return Work(
        kind="album",
        title=one_line(sources[0].parent.name) or "Album",
        lane=Lane.MASTERING,
        function=master_album.make_album_plan,
        request=request,
    )
