"""What is taken by its content, what is refused with which words, and that nothing half is left."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from models.enums import ScanResult
from models.errors import FinalError, InputError
from models.files.kinds import FileKind
from models.files.receiving import UploadRules, receive
from models.files.store import CHUNK
from tests.unit.files.build import docx, files_in, heic, packed, pdf, picture, pieces, rules, take, with_part, xlsx

TAKEN = "PDF, ảnh JPEG, ảnh PNG, ảnh HEIC, Word (DOCX), Excel (XLSX)"


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [
        (pdf(3), FileKind.PDF, 3),
        (picture("JPEG"), FileKind.JPEG, 1),
        (picture("PNG"), FileKind.PNG, 1),
        (heic(), FileKind.HEIC, 1),
        (heic().replace(b"ftypheic", b"ftypmif1", 1), FileKind.HEIC, 1),
        (docx(), FileKind.DOCX, None),
        (xlsx(), FileKind.XLSX, None),
    ],
    ids=["pdf", "jpeg", "png", "heic", "heic of other phones", "docx", "xlsx"],
)
def test_file_is_known_by_its_content_whatever_its_name(
    tmp_path: Path, content: bytes, kind: FileKind, pages: int | None
) -> None:
    received = take(rules(tmp_path), content, "giấy phép.exe")

    assert (received.kind, received.pages, received.size) == (kind, pages, len(content))
    assert received.sha256 == hashlib.sha256(content).hexdigest()
    assert received.scan is ScanResult.NOT_SCANNED
    assert received.name == f"giấy phép{kind.extension}"


def test_pdf_of_500_pages_is_taken(tmp_path: Path) -> None:
    assert take(rules(tmp_path), pdf(500)).pages == 500


def cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def bomb() -> bytes:
    return with_part(xlsx(), "xl/media/image1.bin", b"\0" * 120_000_000)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "tệp rỗng"),
        (b"<html><script>alert(1)</script></html>", f"không phải {TAKEN}"),
        (b"MZ\x90\x00" + b"\0" * 200, f"không phải {TAKEN}"),
        (b"%PDF-1.7\n<script>alert(1)</script>", "PDF hỏng, không mở được"),
        (pdf(1, "bi-mat"), "PDF có mật khẩu"),
        (cut(picture("JPEG", (900, 700))), "ảnh hỏng, không mở được"),
        (cut(picture("PNG", (900, 700))), "ảnh hỏng, không mở được"),
        (partial(picture, "PNG", (9_000, 9_000)), "ảnh lớn hơn 80 triệu điểm ảnh"),
        (partial(picture, "PNG", (14_000, 14_000)), "ảnh lớn hơn 80 triệu điểm ảnh"),
        (picture("GIF"), f"không phải {TAKEN}"),
        (packed(a=b"x"), "tệp nén không phải Word hay Excel"),
        (cut(docx()), "tệp Word, Excel hỏng, không mở được"),
        (with_part(docx(), "word/vbaProject.bin"), "tệp có macro hoặc chương trình kèm theo"),
        (with_part(xlsx(), "xl/activeX/activeX1.xml"), "tệp có macro hoặc chương trình kèm theo"),
        (with_part(docx(), "../../etc/passwd"), "tệp có cấu tạo bất thường"),
        (bomb, "tệp nén bung ra quá lớn"),
    ],
)
def test_other_content_is_refused_with_the_reason(
    tmp_path: Path, content: bytes | Callable[[], bytes], problem: str
) -> None:
    sent = content() if callable(content) else content  # what takes long to make is made when it is needed

    with pytest.raises(InputError) as caught:
        take(rules(tmp_path), sent, "../../giấy tờ.pdf")

    (found,) = caught.value.problems
    assert (found.field, found.problem) == ("file", f"«giấy tờ.pdf»: {problem}.")
    assert found.remedy
    assert files_in(tmp_path) == []


def test_word_file_of_the_macro_kind_is_refused_without_its_macros(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(docx())) as parts:
        types = parts.read("[Content_Types].xml")
    macro = types.replace(
        b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    )
    assert macro != types

    with pytest.raises(InputError, match="macro"):
        take(rules(tmp_path), with_part(docx(), "[Content_Types].xml", macro, replace="[Content_Types].xml"))


def test_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path: Path) -> None:
    honest = with_part(docx(), "word/lie.bin", b"\0" * 100_000)
    size = (100_000).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    assert lying != honest

    with pytest.raises(InputError, match="hỏng"):
        take(rules(tmp_path), lying)


def take_pieces(given: UploadRules, coming: Iterator[bytes]) -> None:
    with receive(given, "dở.pdf") as upload:
        for piece in coming:
            upload.write(piece)


def test_file_larger_than_the_limit_is_refused_while_it_comes_in(tmp_path: Path) -> None:
    coming = pieces(b"\0" * 9_000_000, 500_000)

    with pytest.raises(InputError) as caught:
        take_pieces(rules(tmp_path, most=2_000_000), coming)

    assert str(caught.value).startswith("file: «dở.pdf» lớn hơn 2 MB.")
    assert len(list(coming)) == 18 - 5
    assert files_in(tmp_path) == []


def test_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaking_off() -> Iterator[bytes]:
        yield pdf(20)[:3000]
        assert len(files_in(tmp_path)) == 1
        raise ConnectionError

    with pytest.raises(ConnectionError):
        take_pieces(rules(tmp_path), breaking_off())

    assert files_in(tmp_path) == []


def test_half_file_of_a_process_that_was_killed_is_gone_after_a_day(tmp_path: Path) -> None:
    with receive(rules(tmp_path), "a.pdf"):
        pass
    old, fresh = (tmp_path / "files" / "incoming" / name for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))

    with receive(rules(tmp_path), "b.pdf"):
        pass

    assert files_in(tmp_path) == [fresh]


def test_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    full = Path("/dev/full")  # every write to it finds the disk full
    with receive(rules(tmp_path), "a.pdf") as upload:
        upload._file = full.open("wb")
        upload.write(pdf())
        with pytest.raises(FinalError) as caught:
            upload.finish()

    assert caught.value.problems[0].problem.startswith("Ổ đĩa đã đầy")
    assert files_in(tmp_path) == []


def test_large_file_is_never_whole_in_memory(tmp_path: Path) -> None:
    def scanned() -> Iterator[bytes]:
        yield pdf(2)
        for _ in range(40):
            yield b"%" * CHUNK
        yield b"\n%%EOF\n"

    tracemalloc.start()
    try:
        with receive(rules(tmp_path), "quét.pdf") as upload:
            for piece in scanned():
                upload.write(piece)
            received = upload.finish()
            _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (received.pages, received.size > 40 * CHUNK) == (2, True)
    assert most < 8 * CHUNK
