"""What leaves as workbooks and open data, for who may have it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from models.access import may_see_scores, sees_whole_round
from models.clock import vn_date
from models.councils.sessions import latest_session
from models.enums import Role
from models.errors import NotAllowedError
from models.reports.seeing import Steering
from models.rounds.seeing import visible_round
from models.tables import Capacity
from models.workbooks.books import written
from models.workbooks.exports.certificates import Seen
from models.workbooks.exports.lists import export_board, export_public_tables, export_register
from models.workbooks.exports.open_data import export_open_data
from models.workbooks.exports.scores import export_scores
from models.workbooks.exports.steering import export_steering

OF_OFFICE = (Role.COORDINATOR, Role.AUDITOR)
"""Who takes out what the whole office has: the register and the tables that it reports [ours]."""

OF_ROUND = (*OF_OFFICE, Role.COUNCIL_SECRETARY, Role.LEADER, Role.ADVISORY_MEMBER)


def board_book(session: Session, capacities: Collection[Capacity], code: str, now: datetime) -> bytes:
    """The board of a round.

    Raises:
        NotFoundError: no such round for this person.
        NotAllowedError: only a part of it is theirs to see.
    """
    round_ = visible_round(session, capacities, code)
    if not sees_whole_round(session, capacities, round_):
        raise _refused("bảng theo dõi của cả đợt")
    return written(lambda path: export_board(session, round_, path, now))


def scores_book(session: Session, capacities: Collection[Capacity], code: str, now: datetime) -> bytes:
    """The sheets of the latest meeting of a round, once its scoring is closed.

    Raises:
        NotFoundError: no such round for this person.
        WrongMomentError: there was no meeting, or its scoring is not closed.
        NotAllowedError: the sheets are not theirs to see.
    """
    meeting = latest_session(session, visible_round(session, capacities, code).id)
    content = written(lambda path: export_scores(meeting, path, now))
    if not all(may_see_scores(session, capacities, product) for product in meeting.products):
        raise _refused("phiếu điểm của phiên họp này")
    return content


def register_book(session: Session, capacities: Collection[Capacity], now: datetime) -> bytes:
    """The register of certificates as of today: those that they may see."""
    seen = Seen.by(session, capacities)
    return written(lambda path: export_register(session, path, now, vn_date(now), seen))


def public_tables_book(session: Session, capacities: Collection[Capacity], now: datetime) -> bytes:
    """PTNT_OCOP and DanhGiaSanPhamOCOP as of today, of what they may see."""
    seen = Seen.by(session, capacities)
    return written(lambda path: export_public_tables(session, path, now, vn_date(now), seen))


def steering_book(found: Steering, now: datetime) -> bytes:
    """The figures of a year (of rounds that their reader sees as a whole)."""
    return written(lambda path: export_steering(found, path, now))


def open_data_zip(session: Session, now: datetime) -> bytes:
    """The open data as of today: CSV, JSON and their description in one ZIP."""
    out = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="ocop-open-") as folder, zipfile.ZipFile(out, "w") as target:
        for path in export_open_data(session, Path(folder), vn_date(now)):
            target.write(path, path.name, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _refused(what: str) -> NotAllowedError:
    return NotAllowedError(
        f"Anh/chị không được xuất {what}.", field="actor", remedy="Nhờ văn phòng điều phối xuất giúp."
    )
