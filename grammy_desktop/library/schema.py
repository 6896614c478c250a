"""The tables as SQLAlchemy Core sees them; what really makes them is `migrations` (a test holds both equal)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, Table, Text

metadata = MetaData()


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, Text) for name in names]


def _real(*names: str) -> list[Column[Any]]:
    return [Column(name, Float) for name in names]


def _number() -> Column[Any]:
    return Column("number", Integer, primary_key=True)


users = Table("users", metadata, *_text("id", "name", "email", "created_at"))

owners = Table("owners", metadata, *_text("id"), Column("pid", Integer), *_text("created_at"))

claims = Table("claims", metadata, *_text("name", "owner_id"))

prompts = Table("prompts", metadata, *_text("id", "user_id", "text", "brief", "created_at"))

tracks = Table(
    "tracks",
    metadata,
    _number(),
    *_text("id", "user_id", "prompt_id", "owner_id", "title", "genre", "mood"),
    Column("tempo", Float),
    *_text("key", "metre"),
    Column("duration", Float),
    *_text("status", "engine"),
    Column("seed", Integer),
    *_text("licence_id"),
    Column("sellable", Boolean),
    *_text("licence_reason"),
    Column("starred", Boolean, default=False),
    *_text("created_at", "updated_at", "deleted_at"),
)

versions = Table(
    "versions",
    metadata,
    _number(),
    *_text("id", "track_id", "parent_id", "kind", "name", "loudness", "arrangement", "details", "created_at"),
)

version_files = Table(
    "version_files", metadata, *_text("version_id", "role", "sha256", "suffix"), Column("bytes", Integer)
)

SCORE_COLUMNS = (
    "overall_score",
    "production_quality",
    "commercial_appeal",
    "innovation",
    "emotional_impact",
    "radio_readiness",
)

grammy_scores = Table(
    "grammy_scores",
    metadata,
    *_text("id", "version_id"),
    *_real(*SCORE_COLUMNS),
    *_text("insights", "score", "created_at"),
)

recipes = Table("recipes", metadata, *_text("id", "track_id", "version_id", "recipe", "created_at"))

voices = Table("voices", metadata, *_text("id", "name", "kind", "consent", "details", "created_at"))

tags = Table("tags", metadata, *_text("id", "name", "created_at"))

track_tags = Table("track_tags", metadata, *_text("track_id", "tag_id"))

markers = Table("markers", metadata, *_text("id", "track_id"), Column("position", Float), *_text("name", "created_at"))

jobs = Table(
    "jobs",
    metadata,
    _number(),
    *_text("id", "owner_id", "kind", "title", "lane", "state", "stage"),
    Column("fraction", Float),
    *_text("request", "message", "track_id", "created_at", "started_at", "ended_at"),
)

outbox = Table("outbox", metadata, _number(), *_text("id", "entity", "entity_id", "operation", "payload", "created_at"))
