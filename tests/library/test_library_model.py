"""The library against a model made of plain dictionaries: whatever order things happen in, both say the same."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from library_helpers import add_pending, add_song, brief, imported, stored_files, write

from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library, NewVersion

OPERATIONS = 100


@dataclass
class ModelTrack:
    title: str
    tempo: float | None
    status: str = "completed"
    starred: bool = False
    deleted: bool = False
    tags: set[str] = field(default_factory=set)
    score: float | None = None
    contents: list[bytes] = field(default_factory=list)


class Pair:
    """The library and its model, changed together."""

    def __init__(self, paths: AppPaths, seed: int, tmp_path: Path) -> None:
        self.paths = paths
        self.chance = random.Random(seed)
        self.folder = tmp_path
        self.library = Library.open(paths)
        self.model: dict[str, ModelTrack] = {}

    def some(self, *, status: str = "completed") -> str | None:
        fitting = [track_id for track_id, track in self.model.items() if track.status == status]
        return self.chance.choice(fitting) if fitting else None

    def content(self) -> bytes:
        return f"content {self.chance.randrange(8)}".encode()

    def word(self) -> str:
        return self.chance.choice(["rain", "Night", "vinyl", "café", "drive"])

    def create(self) -> None:
        content, tempo, score = (
            self.content(),
            float(self.chance.randrange(60, 180)),
            self.chance.choice([None, 55.0, 80.0]),
        )
        song = add_song(self.library, self.word(), "", content=content, score=score, brief=brief(tempo=tempo))
        self.model[song.id] = ModelTrack(song.title, tempo, score=score, contents=[content])

    def begin(self) -> None:
        track_id = add_pending(self.library, self.word(), "", brief=brief(tempo=100.0))
        self.model[track_id] = ModelTrack(self.library.track(track_id).title, 100.0, "pending")

    def discard(self) -> None:
        if track_id := self.some(status="pending"):
            self.library.discard_pending(track_id)
            del self.model[track_id]

    def bring_in(self) -> None:
        content = self.content()
        song = imported(self.library, write(self.folder / "own.wav", content), self.word())
        self.model[song.id] = ModelTrack(song.title, None, contents=[content])

    def version(self) -> None:
        if track_id := self.some():
            content = self.content()
            with self.library.staging_folder() as folder:
                files = {"master": write(folder / "m.wav", content)}
                self.library.add_version(track_id, NewVersion("master", "m", files=files))
            self.model[track_id].contents.append(content)

    def rate(self) -> None:
        if track_id := self.some():
            score = float(self.chance.randrange(100))
            self.library.set_score(self.library.versions(track_id)[-1].id, {"overall_score": score})
            self.model[track_id].score = score

    def star(self) -> None:
        if track_id := self.some():
            self.model[track_id].starred = not self.model[track_id].starred
            self.library.star(track_id, self.model[track_id].starred)

    def tag(self) -> None:
        if track_id := self.some():
            self.model[track_id].tags = {self.chance.choice(["a", "b", "c"]) for _ in range(self.chance.randrange(3))}
            self.library.set_tags(track_id, self.model[track_id].tags)

    def rename(self) -> None:
        if track_id := self.some():
            self.model[track_id].title = self.word()
            self.library.rename(track_id, self.model[track_id].title)

    def delete(self) -> None:
        if track_id := self.some():
            self.library.delete(track_id)
            self.model[track_id].deleted = True

    def restore(self) -> None:
        if track_id := self.some():
            self.library.restore(track_id)
            self.model[track_id].deleted = False

    def purge(self) -> None:
        if track_id := self.some():
            self.library.purge(track_id)
            del self.model[track_id]

    def reopen(self) -> None:
        self.library.close()
        self.library = Library.open(self.paths)
        # A pending song does not outlive the process that makes it.
        self.model = {track_id: track for track_id, track in self.model.items() if track.status != "pending"}

    def compare(self) -> None:
        shown = {track.id: track for track in [*self.library.tracks(), *self.library.tracks(filter="trash")]}
        assert set(shown) == set(self.model)
        for track_id, expected in self.model.items():
            track = shown[track_id]
            found = (
                track.title,
                track.tempo,
                track.status,
                track.starred,
                track.deleted_at is not None,
                set(track.tags),
                track.score,
            )
            assert found == (
                expected.title,
                expected.tempo,
                expected.status,
                expected.starred,
                expected.deleted,
                expected.tags,
                expected.score,
            )
            assert track.versions == len(expected.contents)
        contents = {content for track in self.model.values() for content in track.contents}
        assert {path.read_bytes() for path in self.paths.audio.rglob("*.wav")} == contents
        assert len(stored_files(self.library)) == len(contents)
        assert self.library.usage() == sum(map(len, contents))

    def compare_search(self) -> None:
        word, tag = self.word(), self.chance.choice(["a", "b", "c"])
        visible = {track_id: track for track_id, track in self.model.items() if not track.deleted}
        by_word = {track_id for track_id, track in visible.items() if track.title == word}
        assert {track.id for track in self.library.tracks(word)} == by_word
        by_tag = {track_id for track_id, track in visible.items() if tag in track.tags and (track.score or 0) > 60}
        assert {track.id for track in self.library.tracks(f"tag:{tag} score:>60")} == by_tag
        by_tempo = {
            track_id for track_id, track in visible.items() if track.tempo is not None and 90 <= track.tempo <= 120
        }
        assert {track.id for track in self.library.tracks("bpm:90..120")} == by_tempo


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_random_operations(paths: AppPaths, tmp_path: Path, seed: int) -> None:
    pair = Pair(paths, seed, tmp_path)
    operations = [pair.create, pair.begin, pair.discard, pair.bring_in, pair.version, pair.rate, pair.star, pair.tag]
    operations += [pair.rename, pair.delete, pair.restore, pair.purge, pair.reopen]
    weights = [3, 1, 1, 1, 2, 2, 1, 2, 1, 1, 1, 1, 0.5]
    for _ in range(OPERATIONS):
        pair.chance.choices(operations, weights)[0]()
        pair.compare()
        pair.compare_search()
    pair.reopen()
    pair.compare()
    assert pair.library.verify().problems == ()
    pair.library.close()
