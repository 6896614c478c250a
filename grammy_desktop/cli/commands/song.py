"""`grammy song ...`: changes of a song that was composed here; every change is a new take beside the old one."""

from __future__ import annotations

import argparse
from typing import Any

from grammy_desktop.app.app import App
from grammy_desktop.cli.options import Command, add_global_options
from grammy_desktop.cli.output import level, table
from grammy_desktop.cli.places import song_id, user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.song_words import file_words
from grammy_desktop.core.chord_text import write_chord
from grammy_desktop.core.errors import UserError
from grammy_desktop.library import VersionRecord

_ID = "a song's id, or its beginning as `grammy library list` shows it"


def _declare(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, summary: str, example: str, *, makes: bool = True) -> argparse.ArgumentParser:
        child = actions.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=f"example:  grammy song {name} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        add_global_options(child, top=False)
        child.add_argument("id", metavar="ID", help=_ID)
        child.add_argument("--take", metavar="VERSION", help="the version to start from (default: the newest)")
        if makes:
            child.add_argument("--out", metavar="DIR", help="also write the files to this folder")
        return child

    action("show", "Sections, chords and parts with their numbers.", "1a2b3c4d", makes=False)
    reroll = action("reroll", "Other notes for one part, one section or one chord.", "1a2b3c4d --part drums --seed 5")
    what = reroll.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--part", metavar="NAME", help="a part, or all parts of a stem; the other stems stay byte by byte"
    )
    what.add_argument("--section", metavar="N", type=int, help="a section by its number, from 1")
    what.add_argument("--chord", metavar="N", type=int, help="a chord by its number, from 1")
    reroll.add_argument("--seed", metavar="N", type=int, help="the same seed makes the same change")
    chords = action("chords", "Show the chords, or write others.", '1a2b3c4d --set "5=Am7" --set "6=F#m7b5/C"')
    chords.add_argument(
        "--set", metavar="N=CHORD", action="append", default=[], help="chord number N (from 1) as text; N.C. is none"
    )
    mute = action("mute", "Leave stems out, or hear some alone, before mastering.", "1a2b3c4d --stem drums")
    which = mute.add_mutually_exclusive_group(required=True)
    which.add_argument("--stem", metavar="NAME", action="append", help="a stem that is not heard; repeated: several")
    which.add_argument("--solo", metavar="NAME", action="append", help="a stem that is heard alone; repeated: several")
    which.add_argument("--none", action="store_true", help="all stems are heard again")
    resize = action("resize", "The same song longer or shorter, its hook kept.", "1a2b3c4d --duration 180")
    resize.add_argument("--duration", metavar="S", type=float, required=True, help="length in seconds, 5 to 600")
    loop = action("loop", "Whole bars that follow upon themselves.", "1a2b3c4d --section 2 --bars 8 --out loops")
    loop.add_argument(
        "--section", metavar="N", type=int, help="a section by its number, from 1 (default: the whole song)"
    )
    loop.add_argument("--bars", metavar="N", type=int, default=0, help="how many bars (default: all of it)")
    vary = action("vary", "The same song in other words: darker, slower, with strings.", '1a2b3c4d "darker"')
    vary.add_argument("words", metavar="WORDS", help="what it should become")
    sound = action("sound", "Another sound for a part.", "1a2b3c4d --part lead --sound sf:0:73")
    sound.add_argument("--part", metavar="NAME", required=True, help="the part")
    sound.add_argument("--sound", metavar="SOUND", required=True, help="a patch (synth:warm_pad) or a preset (sf:0:73)")
    add = action("add", "Let another instrument play along.", "1a2b3c4d cello")
    add.add_argument("instrument", metavar="INSTRUMENT", help="its name, such as cello or electric piano")
    remove = action("remove", "Send a part home.", "1a2b3c4d --part pad")
    remove.add_argument("--part", metavar="NAME", required=True, help="the part, or a stem")
    action("undo", "The take before the newest one again.", "1a2b3c4d", makes=False)


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    app = session.app
    track = song_id(app.library, arguments.id)
    if arguments.action == "undo":
        return _version_json(app, app.songs.undo(track))
    if arguments.action == "show" or (arguments.action == "chords" and not arguments.set):
        return _score_json(app, track, arguments.take)
    out = {"out_dir": user_path(arguments.out)} if arguments.out is not None else {}
    version: VersionRecord = session.finish(_submit(app, track, arguments, out))
    return _version_json(app, version)


def _submit(app: App, track: str, arguments: argparse.Namespace, out: dict[str, Any]) -> str:
    songs, take = app.songs, arguments.take
    match arguments.action:
        case "reroll":
            seed = {"seed": arguments.seed, **out}
            if arguments.part is not None:
                return songs.reroll_part(track, take, arguments.part, **seed)
            if arguments.section is not None:
                return songs.reroll_section(track, take, arguments.section - 1, **seed)
            return songs.reroll_chord(track, take, arguments.chord - 1, **seed)
        case "chords":
            return songs.change_chords(track, take, dict(_change(text) for text in arguments.set), **out)
        case "mute":
            if arguments.solo:
                return songs.solo(track, take, arguments.solo, **out)
            return songs.mute(track, take, arguments.stem or [], **out)
        case "resize":
            return songs.resize(track, take, arguments.duration, **out)
        case "loop":
            section = None if arguments.section is None else arguments.section - 1
            return songs.loop(track, take, section=section, bars=arguments.bars, **out)
        case "vary":
            return songs.vary(track, take, arguments.words, **out)
        case "sound":
            return songs.set_sound(track, take, arguments.part, arguments.sound, **out)
        case "add":
            return songs.add_part(track, take, arguments.instrument, **out)
    return songs.remove_part(track, take, arguments.part, **out)


def _change(text: str) -> tuple[int, str]:
    number, sign, chord = text.partition("=")
    if not sign or not number.strip().isdigit():
        raise UserError(f"“{text}” names no chord; write its number and the chord, such as 5=Am7.")
    return int(number) - 1, chord.strip()


def _score_json(app: App, track: str, take: str | None) -> dict[str, Any]:
    versions = app.library.versions(track)
    if not versions:
        raise UserError(f"“{app.library.track(track).title}” has no audio yet.")
    score = app.songs.score(take or versions[-1].id)
    values = score.to_json()
    numbered = {
        name: [{"number": number, **item} for number, item in enumerate(values[name], start=1)]
        for name in ("sections", "chords")
    }
    for item, chord in zip(numbered["chords"], score.chords, strict=True):
        item["text"] = write_chord(chord.symbol, score.key_at(chord.start))
    return {"track_id": track, **values, **numbered}


def _version_json(app: App, version: VersionRecord) -> dict[str, Any]:
    children = [v for v in app.library.versions(version.track_id) if v.parent_id == version.id and v.kind == "master"]
    master = children[-1] if children else None
    files = {**version.files, **(master.files if master is not None else {})}
    stems = {role.removeprefix("stem:"): str(path) for role, path in files.items() if role.startswith("stem:")}
    loudness = {**(master.loudness if master is not None else version.loudness)}
    return {
        "track_id": version.track_id,
        "version_id": version.id,
        "parent_id": version.parent_id,
        "name": version.name,
        "duration": version.details.get("duration"),
        "kept_stems": version.details.get("kept_stems", []),
        "files": {
            **{
                role: str(files[role]) if role in files else None
                for role in ("mix", "master", "midi", "report", "report_json")
            },
            "stems": stems,
        },
        "arrangement": version.arrangement,
        "loudness": loudness,
        "score": master.score if master is not None else None,
        "seconds": version.details.get("seconds", {}),
    }


def _show(result: dict[str, Any]) -> str:
    if "version_id" not in result:
        return _show_score(result)
    lines = [f"{result['name']}: take {result['version_id']}"]
    loudness = result["loudness"]
    if loudness:
        lines.append(f"{level(loudness['integrated'], 'LUFS')}, {level(loudness['true_peak'], 'dBTP')}")
    if result["kept_stems"]:
        lines.append(f"unchanged: {', '.join(result['kept_stems'])}")
    lines += file_words(result["files"])
    return "\n".join(lines)


def _show_score(result: dict[str, Any]) -> str:
    def place(item: dict[str, Any]) -> list[str]:
        return [f"{item['start']:.1f} s", f"{item['end']:.1f} s"]

    sections = [["section", "name", "from", "to"]]
    sections += [[str(s["number"]), s["name"], *place(s)] for s in result["sections"]]
    chords = [["chord", "is", "from", "to"]] + [[str(c["number"]), c["text"], *place(c)] for c in result["chords"]]
    parts = [["part", "stem", "sound"]] + [[p["name"], p["stem"], p["sound"]] for p in result["parts"]]
    head = f"{result['tempo']:g} BPM, {result['key']}, {result['metre']}, {result['bars']} bars"
    return "\n\n".join([head, table(sections), table(chords), table(parts)])


COMMANDS = [
    Command(
        name="song",
        summary="Change a song: other parts, sections, chords, sounds, length, mood; loops and muted stems.",
        example="grammy song reroll 1a2b3c4d --part drums",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
