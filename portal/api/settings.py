"""Settings and channels through the API."""

from __future__ import annotations

from models.notifications.channels import ChannelRow, channel_rows
from portal.access import of
from portal.acts.settings import CHANNELS, KEEPERS, TAG
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.settings import LOOKERS, OfficeSettings, settings_of

router = api_router()


@read(router, "/settings/{office}", LOOKERS, OfficeSettings, "Cài đặt của một văn phòng", tag=TAG)
def office_settings(desk: Desk, office: str) -> OfficeSettings:
    """Thời hạn, bậc nhắc, danh mục giấy tờ, ngày nghỉ riêng; cái nào do luật ấn định."""
    return settings_of(desk, office)


@read(router, "/channels", of(*KEEPERS), list[ChannelRow], "Kênh thông báo", tag=CHANNELS)
def channels(desk: Desk) -> list[ChannelRow]:
    """Kênh của người và đơn vị; mã bí mật trong địa chỉ không được hiện."""
    return channel_rows(desk.session)
