"""A ZIP that is written piece by piece, and what becomes of it when somebody changes it."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from models.errors import FinalError, InputError
from models.files.zip_stream import MANIFEST, PackageFault, Part, stream_zip, verify_zip
from tests.factories import HANDED_IN

TEXT = Part("2024-001/Phiếu đăng ký.txt", "Điện thoại: 0912\n".encode())


def written(home: Path, *parts: Part) -> Path:
    target = home / "gói.zip"
    target.write_bytes(b"".join(stream_zip(parts, HANDED_IN)))
    return target


def changed(source: Path, **contents: bytes | None) -> Path:
    """The ZIP with entries changed, added or (None) taken out."""
    target = source.with_name("sửa.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = contents.pop(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in contents.items():
            new.writestr(name, content or b"")
    return target


def big(home: Path) -> Part:
    file = home / "quét.pdf"
    file.write_bytes(b"%PDF" + b"\0" * 5_000_000)
    return Part("2024-001/03 Minh chứng/quét.pdf", file, hashlib.sha256(file.read_bytes()).hexdigest())


def test_what_was_packed_is_whole(tmp_path: Path) -> None:
    package = written(tmp_path, TEXT, big(tmp_path))

    assert verify_zip(package) == (2, [])
    with zipfile.ZipFile(package) as source:
        assert source.namelist() == [TEXT.name, "2024-001/03 Minh chứng/quét.pdf", MANIFEST]
        assert source.read(TEXT.name) == TEXT.content
        assert source.testzip() is None


def test_other_tools_unpack_and_check_it(tmp_path: Path) -> None:
    package = written(tmp_path, TEXT, big(tmp_path))
    with zipfile.ZipFile(package) as source:
        source.extractall(tmp_path / "ra")

    subprocess.run(["sha256sum", "--check", "--strict", MANIFEST], cwd=tmp_path / "ra", check=True)


def test_file_is_sent_in_pieces(tmp_path: Path) -> None:
    pieces = list(stream_zip([big(tmp_path)], HANDED_IN))

    assert max(map(len, pieces)) < 1_100_000
    assert sum(map(len, pieces)) > 5_000_000


def test_same_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path, TEXT).read_bytes() == written(tmp_path, TEXT).read_bytes()


def test_changes_are_found(tmp_path: Path) -> None:
    package = written(tmp_path, TEXT, Part("a.txt", b"a"), Part("b.txt", b"b"))

    edited = changed(package, **{"a.txt": b"A", "b.txt": None, "thêm.txt": b"x"})

    assert verify_zip(edited) == (
        3,
        [
            PackageFault("thêm.txt", "không có trong MANIFEST"),
            PackageFault("a.txt", "nội dung đã thay đổi"),
            PackageFault("b.txt", "thiếu trong gói"),
        ],
    )


def test_damaged_bytes_are_found(tmp_path: Path) -> None:
    package = written(tmp_path, big(tmp_path))
    content = bytearray(package.read_bytes())
    content[3_000_000] ^= 1
    package.write_bytes(content)

    assert verify_zip(package) == (1, [PackageFault("2024-001/03 Minh chứng/quét.pdf", "bị hỏng")])


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_what_is_no_package_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(InputError, match="không phải gói hồ sơ"):
        verify_zip(tmp_path / "x.zip")


def test_zip_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        verify_zip(changed(written(tmp_path, TEXT), **{MANIFEST: None}))


def test_stored_file_that_is_gone_or_changed_makes_no_package(tmp_path: Path) -> None:
    part = big(tmp_path)
    assert isinstance(part.content, Path)
    part.content.write_bytes(b"other")
    with pytest.raises(FinalError, match="không trọn vẹn"):
        written(tmp_path, part)

    part.content.unlink()
    with pytest.raises(FinalError, match="không trọn vẹn"):
        written(tmp_path, part)
