"""The virus scanner: clamd, asked by its INSTREAM command."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import clamd

from models.enums import ScanResult
from models.errors import FinalError, InputError, RetryableError

SECONDS = 60
"""How long the scanner may take for one answer."""

PORT = 3310


def scan(path: Path, name: str, url: str | None) -> ScanResult:
    """What the scanner says of a file; without a scanner, that it was not scanned.

    Raises:
        InputError: it found something, or the file is larger than it takes.
        RetryableError: it does not answer: nothing is taken unscanned.
        FinalError: its address is wrong.
    """
    if not url:
        return ScanResult.NOT_SCANNED
    scanner = _scanner(url)
    try:
        with path.open("rb") as source:
            verdict, what = scanner.instream(source)["stream"]
    except clamd.BufferTooLongError as error:
        raise _too_long(name) from error
    except (BrokenPipeError, ConnectionResetError) as error:
        raise _broken_off(name) from error
    except (clamd.ClamdError, OSError, ValueError, KeyError, TypeError) as error:
        raise _no_answer() from error
    if verdict == "OK":
        return ScanResult.CLEAN
    if verdict == "FOUND":
        raise InputError(
            f"«{name}» có mã độc ({what}) nên không được nhận.",
            field="file",
            remedy="Quét máy đã gửi tệp, rồi gửi lại tệp sạch.",
        )
    raise _too_long(name) if "size limit" in str(what) else _no_answer()


class _WholeSocket(socket.socket):
    """Sends all it is given: the package asks for `send`, which may send a part, and the scanner would see garbage."""

    def send(self, data: Any, flags: int = 0, /) -> int:
        self.sendall(data, flags)
        return len(data)


class _Network(clamd.ClamdNetworkSocket):  # type: ignore[misc]
    def _init_socket(self) -> None:
        self.clamd_socket = _WholeSocket(socket.AF_INET, socket.SOCK_STREAM)  # first: the package closes it in any case
        _connect(self.clamd_socket, (self.host, self.port))


class _Local(clamd.ClamdUnixSocket):  # type: ignore[misc]
    def _init_socket(self) -> None:
        self.clamd_socket = _WholeSocket(socket.AF_UNIX, socket.SOCK_STREAM)
        _connect(self.clamd_socket, self.unix_socket)


def _connect(line: socket.socket, address: Any) -> None:
    line.settimeout(SECONDS)
    line.connect(address)


def _scanner(url: str) -> clamd.ClamdNetworkSocket:
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path:
        return _Local(parts.path)
    if parts.scheme == "tcp" and parts.hostname:
        return _Network(parts.hostname, parts.port or PORT)
    raise FinalError(
        f"Địa chỉ bộ quét mã độc sai: «{url}».",
        field="OCOP_CLAMD_URL",
        remedy="Ghi dạng tcp://127.0.0.1:3310 hoặc unix:/run/clamav/clamd.ctl.",
    )


def _too_long(name: str) -> InputError:
    return InputError(
        f"«{name}» lớn hơn mức bộ quét mã độc nhận (StreamMaxLength).",
        field="file",
        remedy="Chia nhỏ tệp, hoặc nhờ quản trị đặt StreamMaxLength của clamd không nhỏ hơn OCOP_UPLOAD_MB.",
    )


def _broken_off(name: str) -> RetryableError:
    return RetryableError(
        f"Bộ quét mã độc ngắt giữa chừng khi nhận «{name}» nên chưa nhận tệp.",
        field="file",
        remedy="Thử lại; nếu vẫn vậy, tệp lớn hơn StreamMaxLength của clamd: chia nhỏ tệp hoặc nhờ quản trị.",
    )


def _no_answer() -> RetryableError:
    return RetryableError(
        "Bộ quét mã độc không trả lời nên chưa nhận tệp.",
        field="file",
        remedy="Thử lại sau ít phút; nếu vẫn vậy, nhờ quản trị kiểm tra OCOP_CLAMD_URL.",
    )
