"""Files that people upload and look at: taken as they are, shown to who may see them, never run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from models.database import transaction
from models.enums import TokenScope
from models.process.kinds import StepKind
from models.settings import settings
from models.tables import Draft, Evidence, StoredFile
from tests.factories import HANDED_IN, LONGAN, NOT_READY, VISITED, close, in_consulting, opened
from tests.portal_client import Browser, sign_in, token_for
from tests.unit.files.build import files_in, pdf, picture
from tests.unit.portal.registering import begun, producer, root, take_dossiers

HOSTILE = "../../etc/<img src=x onerror=alert(1)>.pdf"


@pytest.fixture
def now(url: str) -> datetime:
    """The round takes dossiers."""
    take_dossiers(url)
    return HANDED_IN


def upload(browser: Browser, url: str, content: bytes, name: str = "giấy.pdf", **fields: str) -> Browser:
    """Send the form of the first paper with a file."""
    at = f"{root(url)}/papers/1"
    page = browser.get(at).text
    hidden = {part: page.split(f'name="{part}" value="')[1].split('"')[0] for part in ("_csrf", "_key")}
    version = page.split('id="phien-ban" value="')[1].split('"')[0]
    data = hidden | {"version": version, "kind": "awards", "title": "Giải thưởng"} | fields
    browser.last = browser.client.post(at, data=data, files={"file": (name, content, "text/html")})
    return browser


def paper(url: str) -> dict[str, object]:
    with transaction(url) as session:
        found = session.scalars(select(Draft)).one().data["evidence"][0]
        assert isinstance(found, dict)
        return found


def test_file_is_taken_by_its_content_and_named_harmlessly(client: TestClient, url: str, now: datetime) -> None:
    content = pdf(3)
    uses = {"uses[0][criterion]": "1.1", "uses[0][page_to]": "3"}
    browser = upload(begun(client, url, now), url, content, HOSTILE, **uses)

    kept = paper(url)
    answer = browser.get(f"/files/{kept['file_sha256']}")

    assert kept["file_name"] == "_img src=x onerror=alert(1)_.pdf"
    assert kept["uses"] == [{"criterion": "1.1", "page_to": "3"}]
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=")
    assert unquote(answer.headers["content-disposition"]).endswith("_img src=x onerror=alert(1)_.pdf")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<img src=x" not in browser.get(f"{root(url)}/evidence").text


def test_page_of_a_file_is_shown_as_a_picture(client: TestClient, url: str, now: datetime) -> None:
    browser = upload(begun(client, url, now), url, pdf(2))
    at = f"/files/{paper(url)['file_sha256']}/preview"

    shown = browser.get(f"{at}/2?width=240")

    assert shown.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(shown.content)).width == 240
    assert browser.get(f"{at}/3").status_code == 404
    assert browser.get(f"{at}/1?width=241").status_code == 404


def test_file_of_another_is_not_there(client: TestClient, url: str, now: datetime) -> None:
    upload(begun(client, url, now), url, pdf(2))
    at = f"/files/{paper(url)['file_sha256']}"
    stranger = sign_in(client, url, producer(url, LONGAN), now)

    assert [stranger.get(f"{at}{tail}").status_code for tail in ("", "/preview/1")] == [404, 404]
    assert stranger.get(f"/files/{'0' * 64}").status_code == 404
    assert stranger.get("/files/..%2f..%2focop.sqlite").status_code == 404


def test_file_of_a_dossier_is_shown_to_who_sees_the_dossier(client: TestClient, url: str, now: datetime) -> None:
    upload(begun(client, url, now), url, pdf(2))
    sha256 = paper(url)["file_sha256"]
    consultant = sign_in(client, url, "tu-van-1", now)
    before = consultant.get(f"/files/{sha256}").status_code
    with transaction(url) as session:
        attempt = in_consulting(session, LONGAN)
        session.add(Evidence(attempt=attempt, kind="awards", title="Giải", file_sha256=sha256))
        session.flush()

    assert (before, consultant.get(f"/files/{sha256}").status_code) == (404, 200)


def test_file_of_another_kind_is_refused_at_its_field_and_the_rest_is_kept(
    client: TestClient, url: str, now: datetime
) -> None:
    browser = upload(
        begun(client, url, now), url, b"<html><script>alert(1)</script></html>", "giấy.pdf", number="12/GCN"
    )

    page = browser.last.text
    assert browser.last.status_code == 422
    assert 'id="f-file_sha256-p"' in page
    assert "không phải PDF" in page
    assert 'name="number" value="12/GCN"' in page
    assert files_in(settings().files_dir) == []


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, client: TestClient) -> Iterator[None]:
    """Files of at most one megabyte."""
    monkeypatch.setenv("OCOP_UPLOAD_MB", "1")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("small")
def test_too_large_file_is_refused_at_its_field_and_the_rest_is_kept(
    client: TestClient, url: str, now: datetime
) -> None:
    browser = upload(begun(client, url, now), url, b"%PDF-" + b"x" * 1_500_000, number="12/GCN")

    assert browser.last.status_code == 422
    assert "lớn hơn 1 MB" in browser.last.text
    assert 'name="number" value="12/GCN"' in browser.last.text
    assert files_in(settings().files_dir) == []


@pytest.mark.usefixtures("small")
def test_request_that_says_it_is_enormous_is_not_read(client: TestClient, url: str, now: datetime) -> None:
    browser = begun(client, url, now)

    def never() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    answer = browser.client.post(
        f"{root(url)}/papers/1",
        content=never(),
        headers={"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "20000000"},
    )

    assert answer.status_code == 413
    assert "Gửi quá nhiều dữ liệu" in answer.text


def test_form_that_breaks_off_leaves_nothing(client: TestClient, url: str, now: datetime) -> None:
    browser = begun(client, url, now)
    token = browser.get(f"{root(url)}/papers/1").text.split('name="_csrf" value="')[1].split('"')[0]
    half = f'--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n{token}\r\n--x\r\n'.encode()
    half += b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + pdf(2)[:200]

    answer = client.post(
        f"{root(url)}/papers/1", content=half, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )

    assert answer.status_code == 400
    assert files_in(settings().files_dir) == []
    with transaction(url) as session:
        assert "evidence" not in session.scalars(select(Draft)).one().data


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "image/jpeg", "application/x-www-form-urlencoded"])
def test_api_takes_a_file_whatever_it_is_said_to_be_and_gives_it_back(
    client: TestClient, url: str, now: datetime, kind: str
) -> None:
    header = token_for(url, producer(url), now, TokenScope.READ, TokenScope.ACT)
    content, said = picture("PNG"), {"Content-Type": kind} if kind else {}

    taken = client.post("/api/v1/files?name=..%2Fảnh.exe", content=content, headers=header | said)
    sha256 = taken.json()["sha256"]
    facts = client.get(f"/api/v1/files/{sha256}", headers=header).json()
    given = client.get(f"/api/v1/files/{sha256}/content", headers=header)
    stranger = token_for(url, producer(url, LONGAN), now, TokenScope.READ)

    assert (taken.status_code, facts["name"], facts["pages"]) == (201, "ảnh.png", 1)
    assert given.content == content
    assert client.get(f"/api/v1/files/{sha256}/content", headers=stranger).status_code == 404
    assert client.post("/api/v1/files?name=a", content=b"x", headers=stranger).status_code == 403


@pytest.mark.usefixtures("small")
def test_api_refuses_what_is_too_large_or_breaks_off(client: TestClient, url: str, now: datetime) -> None:
    header = token_for(url, producer(url), now, TokenScope.ACT)

    large = client.post("/api/v1/files?name=a.pdf", content=b"x" * 1_100_000, headers=header)
    broken = client.post(
        "/api/v1/files?name=a.pdf", content=iter([b"%PDF"]), headers=header | {"Content-Length": "900"}
    )

    assert (large.status_code, broken.status_code) == (422, 400)
    assert files_in(settings().files_dir) == []


def test_supplement_takes_papers_with_their_files(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        attempt = in_consulting(session, LONGAN)
        close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)
        number = opened(session, attempt, StepKind.SUPPLEMENT, VISITED).id
    browser = sign_in(client, url, producer(url, LONGAN), now)
    page = browser.get(f"/items/{number}").text
    hidden = {part: page.split(f'name="{part}" value="')[1].split('"')[0] for part in ("_csrf", "_key", "_version")}
    fields = {"outcome": "supplemented", "evidence[0][kind]": "awards", "evidence[0][title]": "Giải",
              "evidence[0][uses][0][criterion]": "1.1"}  # fmt: skip

    done = client.post(
        f"/items/{number}/outcome/supplement", data=hidden | fields,
        files={"evidence[0][file]": ("giải.png", picture("PNG"), "image/png")}, follow_redirects=False,
    )  # fmt: skip

    assert 'name="evidence[0][file]"' in page
    assert "<li>Sửa nhãn hàng hóa</li>" in page
    assert done.status_code == 303
    with transaction(url) as session:
        row = session.scalars(select(Evidence).where(Evidence.title == "Giải")).one()
        assert (row.file_name, [use.criterion for use in row.uses]) == ("giải.png", ["1.1"])
        assert session.scalars(select(StoredFile.sha256)).one() == row.file_sha256
