"""The papers as PDF by LibreOffice: pages, margins, fonts, text, tables, page numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.sweeping import sweep
from models.criteria import load_set
from models.database import engine_for
from models.documents.building import build
from models.documents.framing import Making
from models.documents.kinds import kind_named
from models.documents.paper import Paper
from models.documents.pdf import program, to_pdf
from models.documents.rendering import render
from models.documents.subjects import file_name
from models.documents.templates import SHIPPED
from models.errors import FinalError
from models.tables import Certificate, CyclePlan, RenewalCandidate, Revocation
from tests.factories import CAKE, CANDY, LONGAN, at, concluded, sign
from tests.pdf_reading import box, fonts, pages, sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LONG_NAME = "Bánh gai truyền thống làng nghề Tứ Trụ " * 8  # more than 300 letters
AWKWARD = "Bánh <b>A & B</b> {{ 7 * 7 }}"
SIGNED_PAPERS = (
    "decision",
    "submission",
    "forwarding",
    "notice",
    "form-03",
    "year",
    "expiry",
    "revocation",
)
SERIF = {"LiberationSerif", "TimesNewRoman", "TimesNewRomanPSMT"}


@pytest.fixture(scope="module")
def made(office_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """PDFs of papers of one round, and of hard cases, all made by two calls of LibreOffice."""
    if program() is None:
        pytest.fail("LibreOffice is missing: apt-get install -y libreoffice-writer fonts-liberation2")
    folder = tmp_path_factory.mktemp("papers")
    with Session(engine_for(f"sqlite:///{office_file}"), expire_on_commit=False) as session:
        files = {name: _written(folder, name, *paper) for name, paper in _papers(session).items()}
        session.rollback()
    names = list(files)
    return dict(zip(names, to_pdf([files[name] for name in names], folder), strict=True))


def _written(folder: Path, name: str, kind: str, paper: Paper) -> Path:
    path = folder / file_name(kind, name)
    path.write_bytes(render(SHIPPED / f"{kind_named(kind).template}.docx", paper))
    return path


def _papers(session: Session) -> dict[str, tuple[str, Any]]:
    """Name of the case → kind and paper."""
    meeting = concluded(session, 72, CAKE, LONGAN, CANDY, gates=3)
    meeting.products[1].attempt.dossier.product.name = AWKWARD
    sign(session, meeting)
    session.flush()
    making = Making(session, date(2024, 12, 20))

    def said(kind: str, subject: Any) -> Any:
        return build(making, kind_named(kind), subject)

    granted = session.scalars(select(Certificate).order_by(Certificate.id)).all()[-1]
    certificate = said("certificate", granted)
    finding = {"ground": "Vi phạm chất lượng", "finding": "Phát hiện chất cấm", "regime": "qd148-2023"}
    revocation = Revocation(certificate=granted, found_on=date(2024, 12, 2), **finding)
    session.add(revocation)
    decision = said("decision", meeting.round)
    forty = [replace(decision.rows[0], no=no, product=f"Sản phẩm số {no}") for no in range(1, 41)]
    attempt = meeting.products[0].attempt
    return {
        "decision": ("decision", decision),
        "forty": ("decision", replace(decision, rows=forty)),
        "long": ("decision", replace(decision, rows=[replace(decision.rows[0], product=LONG_NAME)])),
        "certificate": ("certificate", certificate),
        "certificate-long": (
            "certificate",
            replace(certificate, product=LONG_NAME[:300], producer=LONG_NAME[:300], address=LONG_NAME[:200], stars=5),
        ),
        "minutes": ("council_minutes", said("council_minutes", meeting)),
        "submission": ("submission_letter", said("submission_letter", meeting.round)),
        "forwarding": ("forwarding_letter", said("forwarding_letter", meeting.round)),
        "notice": ("round_notice", said("round_notice", meeting.round)),
        "form-01": ("registration_form", said("registration_form", attempt)),
        "form-03": ("commune_report", said("commune_report", attempt)),
        "year": ("year_report", said("year_report", session.scalars(select(CyclePlan)).one())),
        "expiry": ("expiry_notice", said("expiry_notice", _renewal(session, granted))),
        "revocation": ("revocation_decision", said("revocation_decision", revocation)),
        "sheet": ("score_sheet_blank", said("score_sheet_blank", load_set("qd26", 26))),
    }


def _renewal(session: Session, certificate: Certificate) -> RenewalCandidate:
    sweep(session, at("2027-03-24"))
    query = select(RenewalCandidate).where(RenewalCandidate.certificate_id == certificate.id)
    return session.scalars(query).one()


def test_administrative_papers_are_a4_with_their_text_within_the_margins(made: dict[str, Path]) -> None:
    for name in (*SIGNED_PAPERS, "forty", "long", "minutes"):
        for number, size in enumerate(sizes(made[name])):
            around = box(made[name], number, skip_top=19)
            assert size == (210, 297)
            # Letters reach a little beyond their own box; tables stand a hair outside the text.
            assert around.left >= 29, (name, number, around)
            assert around.right >= 19, (name, number, around)
            assert around.bottom >= 19.5, (name, number, around)


def test_page_number_is_centred_in_the_top_margin_from_the_second_page(made: dict[str, Path]) -> None:
    said = pages(made["minutes"])

    assert not said[0].startswith("1")
    assert [page.split(" ")[0] for page in said[1:]] == [str(n) for n in range(2, len(said) + 1)]
    top = box(made["minutes"], 1)
    assert 8 <= top.top <= 20


def test_annex_has_page_numbers_of_its_own(made: dict[str, Path]) -> None:
    said = pages(made["forty"])

    first = next(n for n, page in enumerate(said) if page.startswith("PHỤ LỤC"))
    assert [page.split(" ")[0] for page in said[first + 1 :]] == [str(n) for n in range(2, len(said) - first + 1)]


def test_forty_products_stand_in_the_annex_with_its_heading_on_every_page(made: dict[str, Path]) -> None:
    said = pages(made["forty"])
    annex = said[next(n for n, page in enumerate(said) if page.startswith("PHỤ LỤC")) :]

    assert len(annex) == 3
    assert all("Tên sản phẩm" in page for page in annex)
    assert [n for n in range(1, 41) if f"Sản phẩm số {n} " not in " ".join(annex)] == []


def test_fonts_are_the_serif_of_the_decree_or_its_equal(made: dict[str, Path]) -> None:
    found = {name: fonts(path) - SERIF for name, path in made.items()}

    stars = {name: {"DejaVuSans"} for name in ("certificate", "certificate-long")}
    assert found == {name: stars.get(name, set()) for name in made}


def test_certificate_is_one_landscape_page_whatever_the_name(made: dict[str, Path]) -> None:
    assert [sizes(made[name]) for name in ("certificate", "certificate-long")] == [[(297, 210)], [(297, 210)]]
    (said,) = pages(made["certificate-long"])
    assert LONG_NAME[:300].strip() in said
    assert "★★★★★" in said


def test_name_of_three_hundred_letters_is_whole_in_the_annex(made: dict[str, Path]) -> None:
    said = " ".join(pages(made["long"]))

    assert said.count("Bánh gai truyền thống") >= 1
    assert said.replace(" ", "").count("TứTrụ") == 8


def test_name_with_markup_and_template_signs_is_printed_as_it_is(made: dict[str, Path]) -> None:
    assert AWKWARD in " ".join(pages(made["minutes"]))


def test_decision_reads_in_the_order_of_the_decree(made: dict[str, Path]) -> None:
    said = pages(made["decision"])
    whole = " ".join(said)

    order = [
        "ỦY BAN NHÂN DÂN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 2105/QĐ-UBND",
        "ngày 20 tháng 9 năm 2024",
        "QUYẾT ĐỊNH",
        "Căn cứ Luật",
        "Điều 1.",
        "Điều 2.",
        "Điều 3.",
        "./.",
        "Nơi nhận:",
        "Nguyễn Quang Minh",
        "PHỤ LỤC",
    ]
    places = [whole.find(words) for words in order if words not in {"Nơi nhận:"}]
    assert places == sorted(places)
    assert -1 not in places
    assert "Lưu: VT, VPĐP." in whole


def test_signature_is_never_alone_on_its_page(made: dict[str, Path]) -> None:
    for name in SIGNED_PAPERS:
        signed = next(page for page in pages(made[name]) if "Nơi nhận:" in page)
        assert "./." in signed, name


def test_two_conversions_at_once_both_give_their_files(made: dict[str, Path], tmp_path: Path) -> None:
    sources = [made["notice"].with_name(file_name("round_notice", "notice")), made["year"].with_suffix(".docx")]

    def convert(one: tuple[int, Path]) -> list[Path]:
        return to_pdf([one[1]], tmp_path / str(one[0]))

    with ThreadPoolExecutor(2) as pool:
        found = [path for paths in pool.map(convert, enumerate(sources)) for path in paths]

    assert [len(pages(path)) > 0 for path in found] == [True, True]


def test_file_that_libreoffice_cannot_read_is_named(tmp_path: Path, made: dict[str, Path]) -> None:
    broken = tmp_path / "hong.docx"
    broken.write_bytes(b"PK\x03\x04 broken")

    with pytest.raises(FinalError, match=r"hong\.docx"):
        to_pdf([broken], tmp_path / "ra")
