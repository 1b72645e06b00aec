"""Why somebody is not let in, each reason with its remedy."""

from __future__ import annotations

from datetime import datetime

from models.clock import VN_TZ
from models.errors import NotAllowedError, NotedError


class WrongPasswordError(NotedError):
    """Login and password do not belong together, or there is no such login: which of both is not told."""

    def __init__(self) -> None:
        super().__init__(
            "Tên đăng nhập hoặc mật khẩu không đúng.",
            field="password",
            remedy="Gõ lại; nếu quên mật khẩu, nhờ cán bộ điều phối hoặc quản trị đặt lại.",
        )


class LockedOutError(NotedError):
    """Too many wrong tries; nothing is tried before `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(
            f"Đăng nhập sai quá nhiều lần; tạm khóa đến {until.astimezone(VN_TZ):%H:%M ngày %d/%m/%Y}.",
            field="login",
            remedy="Đợi đến giờ đó rồi thử lại, hoặc nhờ cán bộ điều phối, quản trị đặt lại mật khẩu.",
        )


class WrongCodeError(NotedError):
    """The code of the second factor is wrong, too old, or was used already."""

    def __init__(self) -> None:
        super().__init__(
            "Mã xác thực không đúng hoặc đã dùng.",
            field="code",
            remedy="Đợi mã kế tiếp trong ứng dụng, hoặc dùng một mã dự phòng.",
        )


class DisabledAccountError(NotAllowedError):
    """The password is right, and the account may not be used."""

    def __init__(self) -> None:
        super().__init__("Tài khoản đã ngừng sử dụng.", field="login", remedy="Liên hệ quản trị để mở lại tài khoản.")


class ExpiredPasswordError(NotAllowedError):
    """The one-time password is right, and was given out too long ago (`OCOP_ONE_TIME_HOURS`)."""

    def __init__(self) -> None:
        super().__init__(
            "Mật khẩu dùng một lần đã hết hạn.",
            field="password",
            remedy="Nhờ cán bộ điều phối hoặc quản trị đặt lại mật khẩu.",
        )


class UnknownIdentityError(NotAllowedError):
    """The organisation's sign-in named somebody who has no account here, or named nobody for certain."""

    def __init__(self, problem: str = "Chưa có tài khoản nào của cổng ứng với danh tính này.") -> None:
        super().__init__(
            problem, field="login", remedy="Đăng nhập bằng mật khẩu, hoặc nhờ quản trị ghi đúng thư điện tử."
        )


class WrongTokenError(NotAllowedError):
    """No token of this secret, or one that is revoked, out of date, or of a person who may not come in."""

    def __init__(self, problem: str = "Mã truy cập API không đúng hoặc đã thu hồi, hết hạn.") -> None:
        super().__init__(problem, field="Authorization", remedy="Tạo mã truy cập mới trong trang tài khoản.")


class MissingScopeError(WrongTokenError):
    """The token is right, and was not made for this."""

    def __init__(self, scope: str, label: str) -> None:
        super().__init__(f"Mã truy cập này không có phạm vi «{label}» ({scope}).")
