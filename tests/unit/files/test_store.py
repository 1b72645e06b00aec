"""Keeping: one content once, in its place, with its audit entry; previews; looking for what is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import FinalError, NotFoundError
from models.files.pictures import THUMBNAIL, preview
from models.files.receiving import receive
from models.files.store import file_subject, keep, open_stored, path_of, stored_file
from models.settings import Settings
from models.tables import AuditEntry, StoredFile
from tests.factories import HANDED_IN, coordinator
from tests.unit.files.build import docx, files_in, heic, pdf, picture, pieces, rules


def store(session: Session, home: Path, content: bytes, name: str = "giấy.pdf") -> StoredFile:
    with receive(rules(home), name) as upload:
        for piece in pieces(content):
            upload.write(piece)
        return keep(session, upload.finish(), coordinator(session), HANDED_IN, folder=home / "files")


def test_file_is_kept_under_its_hash_with_who_and_when(session: Session, tmp_path: Path) -> None:
    content = pdf(4)

    row = store(session, tmp_path, content, "C:\\giấy tờ\\GCN ATTP.pdf")

    place = path_of(tmp_path / "files", row.sha256)
    assert files_in(tmp_path) == [place]
    assert place == tmp_path / "files" / row.sha256[:2] / row.sha256[2:4] / row.sha256
    assert place.read_bytes() == content
    assert (row.first_name, row.pages, row.size) == ("GCN ATTP.pdf", 4, len(content))
    assert (row.uploaded_by_id, row.uploaded_at) == (coordinator(session).person_id, HANDED_IN)
    assert stored_file(session, row.sha256) is row
    with open_stored(row, folder=tmp_path / "files") as source:
        assert source.read() == content


def test_same_content_again_is_the_same_row_and_one_more_audit_entry(session: Session, tmp_path: Path) -> None:
    first = store(session, tmp_path, pdf(2), "một.pdf")
    second = store(session, tmp_path, pdf(2), "hai.pdf")

    assert first.id == second.id
    assert second.first_name == "một.pdf"
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == file_subject(first.sha256))).all()
    assert [entry.data["name"] for entry in entries] == ["một.pdf", "hai.pdf"]
    assert len(files_in(tmp_path)) == 1


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..", "", "A" * 64, "a" * 63 + "/", "a" * 64 + "\n"])
def test_what_is_no_hash_leads_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        path_of(tmp_path, name)


def test_file_that_is_gone_is_told(session: Session, tmp_path: Path) -> None:
    row = store(session, tmp_path, pdf())
    path_of(tmp_path / "files", row.sha256).unlink()

    with pytest.raises(FinalError, match="không còn trong kho"):
        open_stored(row, folder=tmp_path / "files")


def test_preview_of_a_page_is_made_once(session: Session, tmp_path: Path) -> None:
    row = store(session, tmp_path, pdf(3))
    home = Settings(home=tmp_path)

    made = preview(row, 3, of=home)
    stamp = made.stat().st_mtime_ns

    assert made.is_relative_to(tmp_path / "previews")
    assert preview(row, 3, of=home).stat().st_mtime_ns == stamp
    with Image.open(made) as drawn:
        assert (drawn.format, drawn.width) == ("JPEG", 900)


@pytest.mark.parametrize("content", [picture("JPEG", (3000, 2000)), picture("PNG", (3000, 2000)), heic((3000, 2000))])
def test_thumbnail_of_a_picture_keeps_its_shape(session: Session, tmp_path: Path, content: bytes) -> None:
    row = store(session, tmp_path, content)

    with Image.open(preview(row, width=THUMBNAIL, of=Settings(home=tmp_path))) as drawn:
        assert drawn.size == (240, 160)


def test_preview_does_not_show_where_the_picture_was_taken(session: Session, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "vuon nha"
    row = store(session, tmp_path, picture("JPEG", exif=exif))
    with Image.open(path_of(tmp_path / "files", row.sha256)) as original:
        assert dict(original.getexif()) == {0x010E: "vuon nha"}

    with Image.open(preview(row, of=Settings(home=tmp_path))) as drawn:
        assert dict(drawn.getexif()) == {}


@pytest.mark.parametrize(("page", "width"), [(0, 900), (3, 900), (1, 901)])
def test_page_or_width_that_is_not_there_has_no_preview(
    session: Session, tmp_path: Path, page: int, width: int
) -> None:
    row = store(session, tmp_path, pdf(2))

    with pytest.raises(NotFoundError):
        preview(row, page, width, of=Settings(home=tmp_path))


def test_word_file_has_no_preview(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        preview(store(session, tmp_path, docx()), of=Settings(home=tmp_path))
