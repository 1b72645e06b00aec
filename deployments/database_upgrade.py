"""Bringing the domain database to this version, and saying when it is of another one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from models.database import engine_for, translated
from models.errors import FinalError
from models.tables import Base

SCRIPTS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class SchemaState:
    """Which revision the database has and which this software needs; `drift` lists what differs."""

    current: str | None
    needed: str
    drift: list[str]

    @property
    def up_to_date(self) -> bool:
        """Whether nothing has to be done."""
        return self.current == self.needed and not self.drift


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> str:
    """Bring the database at `url` to this version; gives the revision.

    Raises:
        FinalError: the database is of a newer version of the software, or is no database.
        RetryableError: it is busy or does not answer.
    """
    _make_folder(url)
    with translated(), engine_for(url).begin() as connection:
        _refuse_newer(connection)
        command.upgrade(alembic_config(connection), "head")
    return _head()


def inspect(url: str, *, with_drift: bool = True) -> SchemaState:
    """How the database at `url` stands; changes nothing and waits for no writer.

    Without `with_drift` only the revision is looked at (every command asks for that much).

    Raises:
        FinalError: the database is of a newer version of the software.
    """
    if not _is_there(url):
        return SchemaState(None, _head(), [])
    engine = engine_for(url).execution_options(sqlite_begin="DEFERRED")
    with translated(), engine.connect() as connection:
        _refuse_newer(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        drift = [str(d) for d in _drift(connection)] if with_drift and current is not None else []
    return SchemaState(current, _head(), drift)


def _drift(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def _head() -> str:
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    if head is None:
        raise FinalError("Bản cài đặt thiếu tệp nâng cấp dữ liệu.", field="migrations", remedy="Cài lại phần mềm.")
    return head


def _refuse_newer(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    if current is not None and current not in known:
        raise FinalError(
            f"Cơ sở dữ liệu {connection.engine.url.render_as_string(hide_password=True)} thuộc phiên bản mới hơn "
            f"(mã {current}) so với phần mềm này (mã {_head()}).",
            field="cơ sở dữ liệu",
            remedy="Cài phiên bản phần mềm mới hơn, hoặc phục hồi bản sao lưu cũ. Dữ liệu chưa bị thay đổi.",
        )


def _make_folder(url: str) -> None:
    path = _sqlite_file(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)


def _is_there(url: str) -> bool:
    # Opening a SQLite file makes it: asking must not.
    path = _sqlite_file(url)
    return path is None or path.exists()


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Path(parsed.database)
    return None
