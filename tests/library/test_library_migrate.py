from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from library_helpers import add_song, titles
from sqlalchemy import create_engine, inspect

from grammy_desktop.core.errors import BugError, EnvironmentFailure, UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library
from grammy_desktop.library.migrate import APPLICATION_ID, migrate
from grammy_desktop.library.migrations import MIGRATIONS
from grammy_desktop.library.schema import metadata


def old_schema(connection: sqlite3.Connection) -> None:
    """A schema of the kind that came before."""
    connection.execute("CREATE TABLE songs (id TEXT PRIMARY KEY, title TEXT NOT NULL)")
    connection.execute(
        "CREATE TABLE takes (id TEXT PRIMARY KEY, song_id TEXT NOT NULL REFERENCES songs (id) ON DELETE CASCADE)"
    )


def rebuild(connection: sqlite3.Connection) -> None:
    """Rebuilds the parent table, as SQLite needs for most changes."""
    connection.execute("CREATE TABLE new_songs (id TEXT PRIMARY KEY, title TEXT NOT NULL, tempo REAL)")
    connection.execute("INSERT INTO new_songs SELECT id, title, NULL FROM songs")
    connection.execute("DROP TABLE songs")
    connection.execute("ALTER TABLE new_songs RENAME TO songs")


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    path = tmp_path / "library.sqlite3"
    assert migrate(path, (old_schema,)) == 1
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO songs VALUES ('s', 'Old song')")
    connection.execute("INSERT INTO takes VALUES ('t', 's')")
    connection.commit()
    connection.close()
    return path


def test_an_older_database_is_backed_up_and_upgraded(old_file: Path) -> None:
    assert migrate(old_file, (old_schema, rebuild)) == 2
    assert rows(old_file, "SELECT id, title, tempo FROM songs") == [("s", "Old song", None)]
    # Children survive the rebuilding of their parent.
    assert rows(old_file, "SELECT song_id FROM takes") == [("s",)]
    assert rows(old_file, "PRAGMA user_version") == [(2,)]
    (backup,) = (old_file.parent / "backups").iterdir()
    assert rows(backup, "PRAGMA user_version") == [(1,)]
    assert rows(backup, "SELECT * FROM songs") == [("s", "Old song")]
    assert migrate(old_file, (old_schema, rebuild)) == 2
    assert len(list((old_file.parent / "backups").iterdir())) == 1


def test_the_backup_holds_what_still_lies_in_the_wal(old_file: Path) -> None:
    writer = sqlite3.connect(old_file)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("INSERT INTO songs VALUES ('n', 'Newest')")
    writer.commit()
    migrate(old_file, (old_schema, rebuild))
    writer.close()
    (backup,) = (old_file.parent / "backups").iterdir()
    assert ("n", "Newest") in rows(backup, "SELECT * FROM songs")


def failing(connection: sqlite3.Connection) -> None:
    rebuild(connection)
    raise RuntimeError("half-way")


def orphaning(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM songs")


@pytest.mark.parametrize(("step", "error"), [(failing, RuntimeError), (orphaning, BugError)])
def test_a_migration_that_fails_changes_nothing(
    old_file: Path, step: Callable[[sqlite3.Connection], None], error: type[Exception]
) -> None:
    with pytest.raises(error):
        migrate(old_file, (old_schema, step))
    assert rows(old_file, "PRAGMA user_version") == [(1,)]
    assert rows(old_file, "SELECT * FROM songs") == [("s", "Old song")]


def test_a_newer_database_is_refused_and_left_alone(paths: AppPaths) -> None:
    library = Library.open(paths)
    add_song(library)
    library.close()
    connection = sqlite3.connect(paths.database)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.commit()
    connection.close()
    before = paths.database.read_bytes()
    with pytest.raises(UserError, match="newer version of Grammy Desktop"):
        Library.open(paths)
    assert paths.database.read_bytes() == before


def test_another_program_s_database_is_refused(paths: AppPaths) -> None:
    paths.data_dir.mkdir()
    connection = sqlite3.connect(paths.database)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.commit()
    connection.close()
    before = paths.database.read_bytes()
    with pytest.raises(UserError, match="another program"):
        Library.open(paths)
    assert paths.database.read_bytes() == before


def make_garbage(path: Path) -> None:
    path.write_bytes(b"this is no database at all, but long enough to be read as one " * 50)


def make_truncated(path: Path) -> None:
    library = Library.open(AppPaths(path.parent))
    add_song(library)
    library.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path.write_bytes(path.read_bytes()[:8192])


def make_scribbled(path: Path) -> None:
    make_truncated(path)
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 3000 + content[3100:])


@pytest.mark.parametrize("damage", [make_garbage, make_truncated, make_scribbled])
def test_a_damaged_database_is_named_and_left_alone(paths: AppPaths, damage: Callable[[Path], None]) -> None:
    paths.data_dir.mkdir()
    damage(paths.database)
    before = paths.database.read_bytes()
    with pytest.raises(UserError, match="damaged or not a Grammy library") as caught:
        Library.open(paths)
    assert caught.value.file == str(paths.database)
    assert paths.database.read_bytes() == before


def test_the_tables_in_the_code_are_the_tables_in_the_file(library: Library) -> None:
    engine = create_engine(f"sqlite:///{library.paths.database}")
    inspector = inspect(engine)
    real = {name for name in inspector.get_table_names() if not name.startswith("track_search")}
    assert real == set(metadata.tables)
    for name, table in metadata.tables.items():
        columns = {column["name"]: str(column["type"]) for column in inspector.get_columns(name)}
        expected = {
            column.name: str(column.type).replace("BOOLEAN", "INTEGER").replace("FLOAT", "REAL")
            for column in table.columns
        }
        assert columns == expected, name
    engine.dispose()


def test_the_file_is_ours_and_in_wal_mode(library: Library) -> None:
    path = library.paths.database
    assert rows(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]
    with library._database.read() as connection:
        settings = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "synchronous")]
    assert settings == [1, 1]


def test_a_backup_is_a_library_of_its_own(library: Library, tmp_path: Path) -> None:
    add_song(library)
    target = tmp_path / "copies" / "backup.sqlite3"
    library.backup(target)
    assert [path.name for path in target.parent.iterdir()] == ["backup.sqlite3"]
    other = AppPaths(tmp_path / "other")
    other.data_dir.mkdir()
    target.rename(other.database)
    restored = Library.open(other)
    assert titles(restored) == ["Wet Asphalt"]
    assert "is missing" in restored.verify().problems[0]
    restored.close()


def test_a_backup_to_an_impossible_place_is_the_environment_s_failure(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentFailure):
        library.backup(tmp_path / "file" / "backup.sqlite3")
