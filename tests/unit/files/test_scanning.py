"""The scanner: a server that speaks clamd's INSTREAM; what it says, and that nothing is taken unscanned."""

from __future__ import annotations

import hashlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deployments.prefect_server import free_port
from models.enums import ScanResult
from models.errors import FinalError, InputError, RetryableError
from models.files.scanning import _WholeSocket
from tests.unit.files.build import files_in, pdf, rules, take

EVIL = b"XXX-evil-XXX"


class Scanner:
    """Answers INSTREAM as clamd does, one call after the other; keeps the hash of what it was sent."""

    def __init__(self, *, most: int = 25_000_000, answer: str = "", pause: float = 0, receive_buffer: int = 0) -> None:
        self.most, self.answer, self.pause = most, answer, pause
        self.seen: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        if receive_buffer:
            self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.url = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.readline() == b"nINSTREAM\n"
                time.sleep(self.pause)
                line.sendall(self._verdict(stream.read).encode() + b"\n")

    def _verdict(self, read: Callable[[int], bytes]) -> str:
        content = bytearray()
        while size := struct.unpack("!L", read(4))[0]:
            content += read(size)
            if len(content) > self.most:
                return "INSTREAM size limit exceeded. ERROR"
        self.seen.append(hashlib.sha256(content).hexdigest())
        return self.answer or ("stream: Test.Evil-1 FOUND" if EVIL in content else "stream: OK")


@pytest.fixture
def scanners() -> Iterator[Callable[..., Scanner]]:
    started: list[Scanner] = []

    def start(**options: int) -> Scanner:
        started.append(Scanner(**options))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for scanner in started:
        scanner.close()


def test_clean_file_is_taken_and_says_so(tmp_path: Path, scanners: Callable[..., Scanner]) -> None:
    scanner = scanners()

    received = take(rules(tmp_path, clamd_url=scanner.url), pdf())

    assert received.scan is ScanResult.CLEAN
    assert scanner.seen == [received.sha256]


def test_large_file_reaches_a_scanner_that_begins_late_byte_by_byte(
    tmp_path: Path, scanners: Callable[..., Scanner]
) -> None:
    scanner = scanners(pause=1, receive_buffer=4096)

    received = take(rules(tmp_path, clamd_url=scanner.url), pdf() + b"%" * 12_000_000 + b"\n%%EOF\n")

    assert scanner.seen == [received.sha256]


def test_file_in_which_something_is_found_is_refused_and_gone(tmp_path: Path, scanners: Callable[..., Scanner]) -> None:
    with pytest.raises(InputError, match=r"có mã độc \(Test.Evil-1\)"):
        take(rules(tmp_path, clamd_url=scanners().url), pdf() + EVIL)

    assert files_in(tmp_path) == []


def test_file_larger_than_the_scanner_takes_is_refused(tmp_path: Path, scanners: Callable[..., Scanner]) -> None:
    with pytest.raises((InputError, RetryableError), match="StreamMaxLength"):
        take(rules(tmp_path, clamd_url=scanners(most=100).url), pdf())


def test_scanner_that_cannot_say_refuses(tmp_path: Path, scanners: Callable[..., Scanner]) -> None:
    for answer in ("stream: Can't allocate memory ERROR", "", "garbage"):
        scanner = scanners(answer=answer or " ")
        with pytest.raises(RetryableError, match="không trả lời"):
            take(rules(tmp_path, clamd_url=scanner.url), pdf())


def test_without_its_scanner_nothing_is_taken(tmp_path: Path) -> None:
    with pytest.raises(RetryableError) as caught:
        take(rules(tmp_path, clamd_url=f"tcp://127.0.0.1:{free_port()}"), pdf())

    assert caught.value.problems[0].problem == "Bộ quét mã độc không trả lời nên chưa nhận tệp."
    assert files_in(tmp_path) == []


def test_address_of_another_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(FinalError, match="OCOP_CLAMD_URL"):
        take(rules(tmp_path, clamd_url="http://127.0.0.1"), pdf())


@pytest.mark.parametrize(("line", "whole"), [(_WholeSocket, True), (socket.socket, False)])
def test_our_socket_sends_all_where_the_plain_one_sends_a_part(line: type[socket.socket], whole: bool) -> None:
    much, got = b"x" * 8_000_000, bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server, line(socket.AF_INET, socket.SOCK_STREAM) as sender:
        sender.settimeout(20)
        sender.connect(server.getsockname())
        receiver, _ = server.accept()

        def read_all() -> None:
            while piece := receiver.recv(1 << 16):
                got.extend(piece)

        reader = threading.Thread(target=read_all)
        timer = threading.Timer(0.3, reader.start)
        timer.start()
        said = sender.send(much)
        sender.shutdown(socket.SHUT_WR)
        timer.join()
        reader.join()
        receiver.close()

    assert (said == len(much), bytes(got) == much) == (whole, whole)
    assert said == len(got)
