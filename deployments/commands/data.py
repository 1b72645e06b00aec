"""The way of the commands to the data: settings, a database that is there and of this version, the day it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session

from deployments.database_upgrade import inspect
from models.clock import vn_date
from models.database import reading, transaction
from models.errors import InputError, NotFoundError, Problem, WrongMomentError
from models.office_clock import clock_for
from models.settings import Settings, settings


@dataclass(frozen=True)
class Desk:
    """A session on the domain data, and the moment it is there (simulated in the demo's data)."""

    session: Session
    now: datetime

    @property
    def today(self) -> date:
        """The day it is in Viet Nam."""
        return vn_date(self.now)


def current_settings() -> Settings:
    """The settings of this call, `--home` included.

    Raises:
        InputError: a variable `OCOP_…` has a wrong value (all are listed).
    """
    settings.cache_clear()
    try:
        found = settings()
        make_url(found.domain_url).get_dialect()
    except ValidationError as error:
        raise InputError.of(_wrong_variable(e["loc"], str(e["input"])) for e in error.errors()) from error
    except (ArgumentError, NoSuchModuleError) as error:
        remedy = "Ví dụ: postgresql+psycopg://người-dùng:mật-khẩu@máy-chủ/ocop."
        raise InputError("địa chỉ cơ sở dữ liệu sai", field="OCOP_DATABASE_URL", remedy=remedy) from error
    return found


def shown_place(found: Settings) -> str:
    """Where the data are, as people may see it: no password."""
    url = make_url(found.domain_url)
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return url.render_as_string(hide_password=True)


def sqlite_file(found: Settings) -> Path | None:
    """The file of the database, when it is SQLite."""
    url = make_url(found.domain_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


@contextmanager
def reading_desk() -> Iterator[Desk]:
    """Look at the data.

    Raises:
        NotFoundError: there are none yet.
        WrongMomentError: they are of an older version.
        FinalError: they are of a newer version, or damaged.
    """
    found = _checked_settings()
    with reading(found.domain_url) as session:
        yield Desk(session, clock_for(session, found).now())


@contextmanager
def writing_desk() -> Iterator[Desk]:
    """Change the data in one transaction; errors as `reading_desk`, and nothing is stored when one is raised."""
    found = _checked_settings()
    with transaction(found.domain_url) as session:
        yield Desk(session, clock_for(session, found).now())


@contextmanager
def trying_desk(dry_run: bool) -> Iterator[Desk]:
    """As `writing_desk`; of a dry run nothing is kept."""
    with writing_desk() as desk:
        step = desk.session.begin_nested()
        yield desk
        if dry_run:
            step.rollback()


def _checked_settings() -> Settings:
    found = current_settings()
    need_file(found)
    state = inspect(found.domain_url, with_drift=False)
    if state.current is None:
        raise _no_data(found)
    if state.current != state.needed:
        raise WrongMomentError(
            f"Dữ liệu ở {shown_place(found)} thuộc phiên bản cũ ({state.current}, cần {state.needed}).",
            field="cơ sở dữ liệu",
            remedy="Sao lưu rồi chạy: ocop db upgrade.",
        )
    return found


def need_file(found: Settings) -> None:
    """Refuse before SQLite makes an empty file.

    Raises:
        NotFoundError: there are no data yet.
    """
    file = sqlite_file(found)
    if file is not None and not file.exists():
        raise _no_data(found)


def _no_data(found: Settings) -> NotFoundError:
    return NotFoundError(
        f"Chưa có dữ liệu ở {shown_place(found)}.",
        field="OCOP_HOME",
        remedy="Tạo dữ liệu: ocop db upgrade, ocop up hoặc ocop demo; hoặc chỉ đúng thư mục bằng --home.",
    )


def _wrong_variable(location: tuple[int | str, ...], value: str) -> Problem:
    name = f"OCOP_{str(location[0]).upper()}" if location else "OCOP_…"
    return Problem(name, f"giá trị «{value}» không dùng được", "Sửa hoặc bỏ biến môi trường này.")
