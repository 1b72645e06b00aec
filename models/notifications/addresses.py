"""Addresses of channels as people type them: read by the one that will carry them, before anything waits on them."""

from __future__ import annotations

from models.errors import InputError

EXAMPLES = "Ví dụ: mailto://…, tgram://TOKEN/CHAT, json://máy-chủ/đường-dẫn, zalo://TOKEN@user_id."
OWN = {"zalo"}
"""Schemes that we carry ourselves."""


def check_address(url: str) -> None:
    """Refuse what no carrier can read; nothing is sent.

    Raises:
        InputError: no scheme, one that is not known, or an address that is not complete; never shows the address.
    """
    scheme, found, _ = url.partition("://")
    if not found:
        raise InputError("Địa chỉ kênh phải có dạng loại://…", field="url", remedy=EXAMPLES)
    if scheme.lower() in OWN:
        return
    from apprise import Apprise  # takes a quarter of a second, which only who adds a channel has to wait

    if Apprise.instantiate(url, suppress_exceptions=True) is None:
        raise InputError(f"Không hiểu địa chỉ kênh loại «{scheme}».", field="url", remedy=EXAMPLES)
