"""Writes records as rows. Every function works inside the caller's transaction."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from grammy_desktop.core.errors import BugError, UserError
from grammy_desktop.library.clock import now
from grammy_desktop.library.records import PLAIN_ROLES, VERSION_KINDS, NewTrack, NewVersion
from grammy_desktop.library.schema import (
    SCORE_COLUMNS,
    grammy_scores,
    prompts,
    recipes,
    tags,
    track_tags,
    tracks,
    users,
    version_files,
    versions,
)
from grammy_desktop.library.store import StoredFile


def new_id() -> str:
    return str(uuid.uuid4())


def to_json(value: Any) -> str:
    """Strict JSON text. Raises BugError for NaN, infinity and what JSON cannot hold."""
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (ValueError, TypeError) as error:
        raise BugError(
            "The library was handed a value it cannot keep.", details=f"{error}: {str(value)[:500]}"
        ) from error


def check_version(version: NewVersion) -> None:
    """Raises BugError for a kind or role that does not exist."""
    unknown = [
        role for role in version.files if role not in PLAIN_ROLES and not (role.startswith("stem:") and len(role) > 5)
    ]
    if version.kind not in VERSION_KINDS or unknown:
        raise BugError(
            "The library was handed a version it does not know.", details=f"kind {version.kind!r}, roles {unknown}"
        )


def insert_track(connection: Connection, track_id: str, track: NewTrack, *, status: str, owner_id: str | None) -> None:
    user_id = connection.execute(select(users.c.id).limit(1)).scalar_one()
    made = now()
    prompt_id = None
    if track.prompt or track.brief:
        prompt_id = new_id()
        connection.execute(
            insert(prompts).values(
                id=prompt_id, user_id=user_id, text=track.prompt, brief=to_json(track.brief), created_at=made
            )
        )
    connection.execute(
        insert(tracks).values(
            id=track_id,
            user_id=user_id,
            prompt_id=prompt_id,
            owner_id=owner_id,
            title=track.title,
            genre=track.genre,
            mood=track.mood,
            tempo=track.tempo,
            key=track.key,
            metre=track.metre,
            duration=track.duration,
            status=status,
            engine=track.engine,
            seed=track.seed,
            licence_id=track.licence.id,
            sellable=track.licence.sellable,
            licence_reason=track.licence.reason,
            created_at=made,
            updated_at=made,
        )
    )


def insert_version(connection: Connection, track_id: str, version: NewVersion, files: Mapping[str, StoredFile]) -> str:
    """Returns the new version's id. Raises UserError when the parent is not a version of this track."""
    version_id = new_id()
    if version.parent_id is not None:
        parent = select(versions.c.id).where(versions.c.id == version.parent_id, versions.c.track_id == track_id)
        if connection.execute(parent).first() is None:
            raise UserError("The version this one is made from is no longer in the library.")
    connection.execute(
        insert(versions).values(
            id=version_id,
            track_id=track_id,
            parent_id=version.parent_id,
            kind=version.kind,
            name=version.name,
            loudness=to_json(version.loudness),
            arrangement=None if version.arrangement is None else to_json(version.arrangement),
            details=to_json(version.details),
            created_at=now(),
        )
    )
    for role, file in files.items():
        connection.execute(
            insert(version_files).values(
                version_id=version_id, role=role, sha256=file.sha256, suffix=file.suffix, bytes=file.bytes
            )
        )
    if version.score is not None:
        write_score(connection, version_id, version.score)
    return version_id


def write_score(connection: Connection, version_id: str, score: Mapping[str, Any]) -> None:
    """Replaces the score of a version. `score` is the JSON of `grammy score`; categories may be missing or null."""
    if connection.execute(select(versions.c.id).where(versions.c.id == version_id)).first() is None:
        raise UserError("The version that was scored is no longer in the library.")
    connection.execute(delete(grammy_scores).where(grammy_scores.c.version_id == version_id))
    categories = {name: score.get(name) for name in SCORE_COLUMNS}
    connection.execute(
        insert(grammy_scores).values(
            id=new_id(),
            version_id=version_id,
            **categories,
            insights=to_json(score.get("insights", [])),
            score=to_json(dict(score)),
            created_at=now(),
        )
    )


def insert_recipe(connection: Connection, track_id: str, version_id: str, recipe: Mapping[str, Any]) -> None:
    connection.execute(
        insert(recipes).values(
            id=new_id(), track_id=track_id, version_id=version_id, recipe=to_json(dict(recipe)), created_at=now()
        )
    )


def change_track(connection: Connection, track_id: str, **values: Any) -> None:
    """Raises UserError for an unknown track."""
    changed = connection.execute(update(tracks).where(tracks.c.id == track_id).values(updated_at=now(), **values))
    if changed.rowcount == 0:
        raise UserError(f"There is no song with the id {track_id} in the library.")


def delete_track(connection: Connection, track_id: str, *, status: str) -> None:
    """Everything of a track with this status, its prompt included; does nothing when there is none."""
    mine = tracks.c.id == track_id, tracks.c.status == status
    prompt_id = connection.execute(select(tracks.c.prompt_id).where(*mine)).scalar()
    connection.execute(delete(tracks).where(*mine))
    if prompt_id is not None:
        connection.execute(delete(prompts).where(prompts.c.id == prompt_id))


def replace_tags(connection: Connection, track_id: str, names: Iterable[str]) -> None:
    """Sets a track's tags; the case of a tag is that of its first use. Tags that nobody uses any more go."""
    wanted = {name.casefold(): name for name in (" ".join(raw.split()) for raw in names) if name}
    connection.execute(delete(track_tags).where(track_tags.c.track_id == track_id))
    known = {row.name.casefold(): row.id for row in connection.execute(select(tags.c.id, tags.c.name))}
    for folded, name in wanted.items():
        if folded not in known:
            known[folded] = new_id()
            connection.execute(insert(tags).values(id=known[folded], name=name, created_at=now()))
        connection.execute(insert(track_tags).values(track_id=track_id, tag_id=known[folded]))
    remove_unused_tags(connection)


def remove_unused_tags(connection: Connection) -> None:
    connection.execute(delete(tags).where(tags.c.id.not_in(select(track_tags.c.tag_id))))


def files_of_track(connection: Connection, track_id: str) -> set[StoredFile]:
    chosen = (
        select(version_files)
        .join(versions, versions.c.id == version_files.c.version_id)
        .where(versions.c.track_id == track_id)
    )
    return {StoredFile(row.sha256, row.suffix, row.bytes) for row in connection.execute(chosen)}


def used_bytes(connection: Connection) -> int:
    """Bytes of all audio, each file once."""
    once = (
        select(func.max(version_files.c.bytes).label("bytes"))
        .group_by(version_files.c.sha256, version_files.c.suffix)
        .subquery()
    )
    return int(connection.execute(select(func.coalesce(func.sum(once.c.bytes), 0))).scalar_one())
