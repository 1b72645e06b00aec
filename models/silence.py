"""Why another machine did not answer, in words (Vietnamese): what libraries say of it is English and differs."""

from __future__ import annotations

import smtplib
import socket
import ssl

REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (ConnectionRefusedError, "không có máy chủ nào nhận kết nối ở địa chỉ và cổng này"),
    (socket.gaierror, "không tìm thấy tên máy chủ này trên mạng"),
    (ssl.SSLError, "kết nối mã hóa (TLS) không thiết lập được"),
    (smtplib.SMTPServerDisconnected, "máy chủ ngắt kết nối giữa chừng"),
    (smtplib.SMTPNotSupportedError, "máy chủ không có cách gửi này"),
    (TimeoutError, "chờ lâu mà không trả lời"),
    (ConnectionError, "kết nối bị ngắt giữa chừng"),
    (OSError, "mạng lỗi"),
)
"""The first that fits; the more special before the more general."""


def silence_in_words(error: BaseException) -> str:
    """The reason behind an error of the network, found in the chain of what it came from."""
    chain = _chain(error)
    for kind, words in REASONS:
        if any(isinstance(one, kind) for one in chain):
            return words
    timed_out = any("timeout" in type(one).__name__.lower() for one in chain)
    return "chờ lâu mà không trả lời" if timed_out else f"không rõ vì sao ({type(error).__name__})"


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    now: BaseException | None = error
    while now is not None and now not in found:
        found.append(now)
        now = now.__cause__ or now.__context__
    return found
