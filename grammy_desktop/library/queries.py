"""Reads rows into records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, literal_column, or_, select, text

from grammy_desktop.core.errors import UserError
from grammy_desktop.library.clock import now
from grammy_desktop.library.records import Marker, TrackRecord, VersionRecord
from grammy_desktop.library.schema import (
    grammy_scores,
    markers,
    prompts,
    recipes,
    tags,
    track_tags,
    tracks,
    version_files,
    versions,
)
from grammy_desktop.library.search import SearchQuery, Token

FILTERS = ("all", "starred", "recent", "sellable", "trash")
ORDERS = ("newest", "title", "score", "tempo")
RECENT_DAYS = 14
_SEPARATOR = "\x1f"

_score = (
    select(grammy_scores.c.overall_score)
    .join(versions, versions.c.id == grammy_scores.c.version_id)
    .where(versions.c.track_id == tracks.c.id, grammy_scores.c.overall_score.is_not(None))
    .order_by(versions.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_versions = select(func.count()).where(versions.c.track_id == tracks.c.id).scalar_subquery()
_tags = (
    select(func.group_concat(tags.c.name, _SEPARATOR))
    .join(track_tags, track_tags.c.tag_id == tags.c.id)
    .where(track_tags.c.track_id == tracks.c.id)
    .scalar_subquery()
)


def select_tracks(query: SearchQuery, *, filter: str, order: str, limit: int | None, offset: int) -> Select[Any]:
    """Tracks that match, in order. Raises UserError for an unknown filter or order."""
    if order not in ORDERS:
        raise UserError(f"Unknown order {order!r}. Choose one of {', '.join(ORDERS)}.")
    orders: dict[str, list[ColumnElement[Any]]] = {
        "newest": [],
        "title": [func.lower(tracks.c.title)],
        "score": [_score.desc().nulls_last()],
        "tempo": [tracks.c.tempo.nulls_last()],
    }
    chosen = _full_row().where(*_conditions(query, filter))
    return (
        chosen.order_by(*orders[order], tracks.c.created_at.desc(), tracks.c.number.desc()).limit(limit).offset(offset)
    )


def count_tracks(connection: Connection, query: SearchQuery, *, filter: str) -> int:
    return int(
        connection.execute(select(func.count()).select_from(tracks).where(*_conditions(query, filter))).scalar_one()
    )


def fetch_track(connection: Connection, track_id: str) -> TrackRecord:
    """Raises UserError for an unknown id."""
    row = connection.execute(_full_row().where(tracks.c.id == track_id)).first()
    if row is None:
        raise UserError(f"There is no song with the id {track_id} in the library.")
    return track_record(row)


def fetch_versions(
    connection: Connection, condition: ColumnElement[bool], path_of: Callable[[str], Path]
) -> list[VersionRecord]:
    """Versions in the order they were made."""
    joined = select(versions, grammy_scores.c.score).outerjoin(
        grammy_scores, grammy_scores.c.version_id == versions.c.id
    )
    rows = connection.execute(joined.where(condition).order_by(versions.c.number)).all()
    files: dict[str, dict[str, Path]] = {row.id: {} for row in rows}
    chosen = select(version_files).join(versions, versions.c.id == version_files.c.version_id).where(condition)
    for file in connection.execute(chosen.order_by(version_files.c.role)):
        files[file.version_id][file.role] = path_of(file.sha256 + file.suffix)
    return [_version_record(row, files[row.id]) for row in rows]


def fetch_markers(connection: Connection, track_id: str) -> list[Marker]:
    rows = connection.execute(
        select(markers).where(markers.c.track_id == track_id).order_by(markers.c.position, markers.c.created_at)
    )
    return [Marker(row.id, row.track_id, row.position, row.name) for row in rows]


def fetch_recipe(connection: Connection, track_id: str) -> dict[str, Any] | None:
    """The newest recipe of a track."""
    newest = (
        select(recipes.c.recipe)
        .join(versions, versions.c.id == recipes.c.version_id)
        .where(recipes.c.track_id == track_id)
        .order_by(versions.c.number.desc())
        .limit(1)
    )
    found = connection.execute(newest).scalar()
    return None if found is None else dict(json.loads(found))


def fetch_tags(connection: Connection) -> list[tuple[str, int]]:
    """Every tag in use with how many songs (outside the trash) have it."""
    counted = (
        select(tags.c.name, func.count())
        .join(track_tags, track_tags.c.tag_id == tags.c.id)
        .join(tracks, tracks.c.id == track_tags.c.track_id)
        .where(tracks.c.deleted_at.is_(None))
        .group_by(tags.c.id)
        .order_by(func.lower(tags.c.name))
    )
    return [(row[0], row[1]) for row in connection.execute(counted)]


def track_record(row: Row[Any]) -> TrackRecord:
    return TrackRecord(
        id=row.id,
        title=row.title,
        genre=row.genre,
        mood=row.mood,
        tempo=row.tempo,
        key=row.key,
        metre=row.metre,
        duration=row.duration,
        status=row.status,
        engine=row.engine,
        seed=row.seed,
        licence_id=row.licence_id,
        sellable=row.sellable,
        licence_reason=row.licence_reason,
        starred=row.starred,
        tags=tuple(sorted(row.tag_names.split(_SEPARATOR), key=str.casefold)) if row.tag_names else (),
        prompt=row.prompt_text or "",
        brief=json.loads(row.prompt_brief) if row.prompt_brief else {},
        created_at=row.created_at,
        deleted_at=row.deleted_at,
        score=row.overall,
        versions=row.version_count,
    )


def _full_row() -> Select[Any]:
    return select(
        tracks,
        prompts.c.text.label("prompt_text"),
        prompts.c.brief.label("prompt_brief"),
        _score.label("overall"),
        _versions.label("version_count"),
        _tags.label("tag_names"),
    ).select_from(tracks.outerjoin(prompts, prompts.c.id == tracks.c.prompt_id))


def _version_record(row: Row[Any], files: dict[str, Path]) -> VersionRecord:
    return VersionRecord(
        id=row.id,
        track_id=row.track_id,
        parent_id=row.parent_id,
        kind=row.kind,
        name=row.name,
        created_at=row.created_at,
        files=files,
        loudness=json.loads(row.loudness),
        arrangement=None if row.arrangement is None else json.loads(row.arrangement),
        details=json.loads(row.details),
        score=None if row.score is None else json.loads(row.score),
    )


def _conditions(query: SearchQuery, filter: str) -> list[ColumnElement[bool]]:
    if filter not in FILTERS:
        raise UserError(f"Unknown filter {filter!r}. Choose one of {', '.join(FILTERS)}.")
    conditions: list[ColumnElement[bool]] = [
        tracks.c.deleted_at.is_not(None) if filter == "trash" else tracks.c.deleted_at.is_(None)
    ]
    if filter == "starred":
        conditions.append(tracks.c.starred)
    elif filter == "sellable":
        conditions.append(tracks.c.sellable)
    elif filter == "recent":
        conditions.append(tracks.c.created_at >= now(days=-RECENT_DAYS))
    if query.match is not None:
        found = text("SELECT rowid FROM track_search WHERE track_search MATCH :match").bindparams(match=query.match)
        conditions.append(tracks.c.number.in_(found.columns(literal_column("rowid")).subquery().select()))
    return [*conditions, *(_token_condition(token) for token in query.tokens)]


def _token_condition(token: Token) -> ColumnElement[bool]:
    if token.field in ("tempo", "duration", "score"):
        column: ColumnElement[Any] = _score if token.field == "score" else tracks.c[token.field]
        bounds: list[ColumnElement[bool]] = [column.is_not(None)]
        if token.low is not None:
            bounds.append(column > token.low if token.strict else column >= token.low)
        if token.high is not None:
            bounds.append(column < token.high if token.strict else column <= token.high)
        return and_(*bounds)
    if token.field == "tag":
        having = select(track_tags.c.track_id).join(tags, tags.c.id == track_tags.c.tag_id)
        return exists(
            having.where(track_tags.c.track_id == tracks.c.id, func.lower(tags.c.name) == token.value.lower())
        )
    if token.field == "is":
        flags: dict[str, ColumnElement[bool]] = {
            "starred": tracks.c.starred,
            "sellable": tracks.c.sellable,
            "pending": tracks.c.status == "pending",
        }
        return flags[token.value]
    column = tracks.c[token.field]
    if token.field in ("key", "engine"):
        return func.lower(column) == token.value.lower()
    # 'boom bap' finds boom_bap.
    return or_(
        column.icontains(token.value, autoescape=True),
        func.replace(column, "_", " ").icontains(token.value, autoescape=True),
    )
