"""Why a message did not go out: passing trouble, or a refusal that trying again does not mend."""

from __future__ import annotations

from models.errors import FinalError, RetryableError


class NotSentError(RetryableError):
    """It may go later. `whole_server`: the server itself is in trouble, not this address."""

    def __init__(self, problem: str, *, whole_server: bool = False) -> None:
        super().__init__(problem, field="kênh", remedy="Phần mềm tự gửi lại; xem: ocop notify status.")
        self.whole_server = whole_server


class RefusedError(FinalError):
    """The other side will not take it as it stands: address, password, token or content."""

    def __init__(self, problem: str, *, whole_server: bool = False) -> None:
        super().__init__(problem, field="kênh", remedy="Sửa địa chỉ kênh rồi thử: ocop notify test.")
        self.whole_server = whole_server
