"""Version 1: every table, the full-text index and the triggers that keep it true."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import UTC, datetime

# `number` is an explicit rowid: VACUUM renumbers implicit ones, and the full-text index joins by it.
_TABLES = (
    "CREATE TABLE users (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, email TEXT, created_at TEXT NOT NULL)",
    """CREATE TABLE owners (id TEXT PRIMARY KEY NOT NULL, pid INTEGER NOT NULL, created_at TEXT NOT NULL)""",
    """CREATE TABLE claims (
        name TEXT NOT NULL, owner_id TEXT NOT NULL, PRIMARY KEY (name, owner_id)) WITHOUT ROWID""",
    """CREATE TABLE prompts (
        id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL REFERENCES users (id), text TEXT NOT NULL, brief TEXT NOT NULL,
        created_at TEXT NOT NULL)""",
    """CREATE TABLE tracks (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL REFERENCES users (id),
        prompt_id TEXT REFERENCES prompts (id), owner_id TEXT, title TEXT NOT NULL, genre TEXT NOT NULL, mood TEXT NOT NULL,
        tempo REAL, key TEXT, metre TEXT, duration REAL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'completed', 'failed')),
        engine TEXT NOT NULL, seed INTEGER, licence_id TEXT NOT NULL, sellable INTEGER NOT NULL, licence_reason TEXT NOT NULL,
        starred INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT)""",
    """CREATE TABLE versions (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, track_id TEXT NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
        parent_id TEXT REFERENCES versions (id) ON DELETE SET NULL,
        kind TEXT NOT NULL CHECK (kind IN ('take', 'edit', 'master', 'import')), name TEXT NOT NULL,
        loudness TEXT NOT NULL, arrangement TEXT, details TEXT NOT NULL, created_at TEXT NOT NULL)""",
    """CREATE TABLE version_files (
        version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE, role TEXT NOT NULL, sha256 TEXT NOT NULL,
        suffix TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (version_id, role)) WITHOUT ROWID""",
    """CREATE TABLE grammy_scores (
        id TEXT PRIMARY KEY NOT NULL, version_id TEXT NOT NULL UNIQUE REFERENCES versions (id) ON DELETE CASCADE,
        overall_score REAL, production_quality REAL, commercial_appeal REAL, innovation REAL, emotional_impact REAL,
        radio_readiness REAL, insights TEXT NOT NULL, score TEXT NOT NULL, created_at TEXT NOT NULL)""",
    """CREATE TABLE recipes (
        id TEXT PRIMARY KEY NOT NULL, track_id TEXT NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
        version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE, recipe TEXT NOT NULL, created_at TEXT NOT NULL)""",
    """CREATE TABLE voices (
        id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, consent TEXT, details TEXT NOT NULL,
        created_at TEXT NOT NULL)""",
    """CREATE TABLE tags (
        id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE COLLATE NOCASE, created_at TEXT NOT NULL)""",
    """CREATE TABLE track_tags (
        track_id TEXT NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
        tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE, PRIMARY KEY (track_id, tag_id)) WITHOUT ROWID""",
    """CREATE TABLE markers (
        id TEXT PRIMARY KEY NOT NULL, track_id TEXT NOT NULL REFERENCES tracks (id) ON DELETE CASCADE, position REAL NOT NULL,
        name TEXT NOT NULL, created_at TEXT NOT NULL)""",
    """CREATE TABLE jobs (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner_id TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
        lane TEXT NOT NULL, state TEXT NOT NULL, stage TEXT NOT NULL, fraction REAL NOT NULL, request TEXT NOT NULL,
        message TEXT NOT NULL, track_id TEXT REFERENCES tracks (id) ON DELETE SET NULL,
        created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT)""",
    """CREATE TABLE outbox (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, entity TEXT NOT NULL, entity_id TEXT NOT NULL,
        operation TEXT NOT NULL, payload TEXT NOT NULL, created_at TEXT NOT NULL)""",
)

_INDEXES = (
    "CREATE INDEX tracks_created ON tracks (created_at)",
    "CREATE INDEX tracks_prompt ON tracks (prompt_id)",
    "CREATE INDEX versions_track ON versions (track_id, number)",
    "CREATE INDEX versions_parent ON versions (parent_id)",
    "CREATE INDEX version_files_sha ON version_files (sha256)",
    "CREATE INDEX recipes_track ON recipes (track_id)",
    "CREATE INDEX recipes_version ON recipes (version_id)",
    "CREATE INDEX track_tags_tag ON track_tags (tag_id)",
    "CREATE INDEX markers_track ON markers (track_id)",
    "CREATE INDEX jobs_state ON jobs (state)",
    "CREATE INDEX jobs_track ON jobs (track_id)",
)

_TAGS_OF = """(SELECT group_concat(tags.name, ' ') FROM track_tags JOIN tags ON tags.id = track_tags.tag_id
    WHERE track_tags.track_id = {track})"""
_INDEXED_TRACK = "(SELECT id FROM tracks WHERE number = track_search.rowid)"
_PROMPT_OF = "(SELECT text FROM prompts WHERE prompts.id = {prompt})"

_SEARCH = (
    """CREATE VIRTUAL TABLE track_search USING fts5 (
        title, prompt, genre, tags, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')""",
    f"""CREATE TRIGGER track_search_insert AFTER INSERT ON tracks BEGIN
        INSERT INTO track_search (rowid, title, prompt, genre, tags)
        VALUES (new.number, new.title, {_PROMPT_OF.format(prompt="new.prompt_id")}, new.genre, '');
    END""",
    f"""CREATE TRIGGER track_search_update AFTER UPDATE OF title, genre, prompt_id ON tracks BEGIN
        UPDATE track_search SET title = new.title, genre = new.genre, prompt = {_PROMPT_OF.format(prompt="new.prompt_id")}
        WHERE rowid = new.number;
    END""",
    """CREATE TRIGGER track_search_delete AFTER DELETE ON tracks BEGIN
        DELETE FROM track_search WHERE rowid = old.number;
    END""",
    *(
        f"""CREATE TRIGGER track_search_tag_{event.lower()} AFTER {event} ON track_tags BEGIN
            UPDATE track_search SET tags = coalesce({_TAGS_OF.format(track=f"{row}.track_id")}, '')
            WHERE rowid = (SELECT number FROM tracks WHERE id = {row}.track_id);
        END"""
        for event, row in (("INSERT", "new"), ("DELETE", "old"))
    ),
    f"""CREATE TRIGGER track_search_tag_rename AFTER UPDATE OF name ON tags BEGIN
        UPDATE track_search SET tags = coalesce({_TAGS_OF.format(track=_INDEXED_TRACK)}, '')
        WHERE rowid IN (
            SELECT number FROM tracks JOIN track_tags ON track_tags.track_id = tracks.id WHERE track_tags.tag_id = new.id);
    END""",
)


def upgrade(connection: sqlite3.Connection) -> None:
    for statement in (*_TABLES, *_INDEXES, *_SEARCH):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO users (id, name, created_at) VALUES (?, 'local', ?)",
        (str(uuid.uuid4()), datetime.now(UTC).isoformat()),
    )
