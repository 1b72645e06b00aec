"""Which stored files a person may hand in; pages; and finding files that are lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.actors import Actor
from models.errors import InputError
from models.files.receiving import receive
from models.files.store import keep, path_of
from models.files.using import check_files, may_use, papers_with
from models.files.verifying import verify_store
from models.forms import EvidenceForm, read_form
from models.rounds.queries import product_by_name
from models.tables import StoredFile
from tests.factories import CAKE, HANDED_IN, LONGAN, coordinator, papers, producer_of, submit
from tests.unit.files.build import pdf, rules


def uploaded(session: Session, home: Path, who: Actor, pages: int = 5) -> StoredFile:
    with receive(rules(home), "giấy.pdf") as upload:
        upload.write(pdf(pages))
        return keep(session, upload.finish(), who, HANDED_IN, folder=home / "files")


def paper(sha256: str, **facts: object) -> EvidenceForm:
    return read_form(EvidenceForm, {"kind": "test_sheets", "title": "KN", "file_sha256": sha256, **facts})


def owner(session: Session, product: str) -> tuple[Actor, int]:
    row = product_by_name(session, product)
    return producer_of(session, row), row.producer_id


def test_own_upload_may_be_handed_in_and_another_producers_not(session: Session, tmp_path: Path) -> None:
    cake, cake_id = owner(session, CAKE)
    longan, longan_id = owner(session, LONGAN)
    file = uploaded(session, tmp_path, cake)

    check_files(session, [paper(file.sha256)], cake, cake_id, must_be_stored=True)
    with pytest.raises(InputError) as caught:
        check_files(session, [paper(file.sha256)], longan, longan_id)

    assert [p.field for p in caught.value.problems] == ["evidence[0].file_sha256"]


def test_second_uploader_of_the_same_content_may_use_it_too(session: Session, tmp_path: Path) -> None:
    cake, _ = owner(session, CAKE)
    longan, longan_id = owner(session, LONGAN)
    file = uploaded(session, tmp_path, cake)
    assert not may_use(session, file.sha256, longan, longan_id)

    assert uploaded(session, tmp_path, longan).id == file.id

    assert may_use(session, file.sha256, longan, longan_id)


def test_office_may_hand_in_what_the_producer_uploaded_or_handed_in_before(session: Session, tmp_path: Path) -> None:
    cake, cake_id = owner(session, CAKE)
    _, longan_id = owner(session, LONGAN)
    office = coordinator(session)
    file = uploaded(session, tmp_path, cake)

    assert may_use(session, file.sha256, office, cake_id)
    assert not may_use(session, file.sha256, office, longan_id)


def test_file_of_a_dossier_stays_usable_for_its_producer(session: Session, tmp_path: Path) -> None:
    cake, cake_id = owner(session, CAKE)
    sha = "b" * 64
    attempt = submit(session, evidence=papers("test_sheets", file_sha256=sha))

    assert may_use(session, sha, cake, cake_id)
    assert papers_with(session, sha) == attempt.evidence
    assert papers_with(session, "c" * 64) == []


def test_hash_that_was_never_uploaded_is_refused_by_the_portal_only(session: Session) -> None:
    cake, cake_id = owner(session, CAKE)

    check_files(session, [paper("a" * 64)], cake, cake_id)
    with pytest.raises(InputError):
        check_files(session, [paper("a" * 64)], cake, cake_id, must_be_stored=True)


def test_pages_that_the_file_does_not_have_are_named(session: Session, tmp_path: Path) -> None:
    cake, cake_id = owner(session, CAKE)
    file = uploaded(session, tmp_path, cake, pages=5)
    uses = [{"criterion": "1.1", "page_from": 5}, {"criterion": "1.2", "page_from": 5, "page_to": 6}]

    with pytest.raises(InputError) as caught:
        check_files(session, [paper(file.sha256, page_from=6, uses=uses)], cake, cake_id)

    assert [p.field for p in caught.value.problems] == ["evidence[0].page_to", "evidence[0].uses[1].page_to"]
    assert caught.value.problems[0].remedy == "Ghi trang từ 1 đến 5."


def test_missing_and_changed_files_are_found(session: Session, tmp_path: Path) -> None:
    who = coordinator(session)
    rows = [uploaded(session, tmp_path, who, pages) for pages in (1, 2, 3, 4)]
    places = [path_of(tmp_path / "files", row.sha256) for row in rows]
    places[0].unlink()
    content = places[1].read_bytes()
    places[1].write_bytes(content[:-1] + b"?")
    places[2].write_bytes(content + b"more than it was")

    checked, faults = verify_store(session, tmp_path / "files")

    assert checked == 4
    assert [(fault.sha256, fault.problem.split(",")[0]) for fault in faults] == [
        (rows[0].sha256, "không còn trong thư mục files"),
        (rows[1].sha256, "nội dung đã thay đổi"),
        (rows[2].sha256, f"dài {len(content) + 16} byte"),
    ]


def test_uploading_again_heals_a_damaged_file(session: Session, tmp_path: Path) -> None:
    who = coordinator(session)
    row = uploaded(session, tmp_path, who)
    path_of(tmp_path / "files", row.sha256).write_bytes(b"damaged")

    uploaded(session, tmp_path, who)

    assert verify_store(session, tmp_path / "files") == (1, [])
