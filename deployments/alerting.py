"""Prefect's own notification block: where its automations send alerts (`OCOP_ALERT_URL`)."""

from __future__ import annotations

from uuid import UUID

from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.types import SecretDict
from pydantic import HttpUrl, SecretStr, TypeAdapter, ValidationError

from models.errors import InputError

BLOCK = "ocop-canh-bao"


def alert_block(url: SecretStr | None) -> UUID | None:
    """The block that posts `{"title", "text"}` to `url` (chat rooms take the text), made or brought up to date.

    `None` when there is no address. The address is kept as a secret: it often holds a key.

    Raises:
        InputError: the address is no web address.
        RetryableError: Prefect does not answer.
    """
    if url is None:
        return None
    try:
        TypeAdapter(HttpUrl).validate_python(url.get_secret_value())
    except ValidationError as error:
        remedy = "Ghi địa chỉ webhook, ví dụ https://chat.example.vn/hooks/abc; hoặc bỏ biến này."
        raise InputError("không phải địa chỉ http(s)", field="OCOP_ALERT_URL", remedy=remedy) from error
    block = CustomWebhookNotificationBlock(
        name="OCOP",
        url="{{address}}",
        json_data={"title": "{{subject}}", "text": "{{subject}}\n{{body}}"},
        secrets=SecretDict({"address": url.get_secret_value()}),
    )
    return UUID(str(block.save(BLOCK, overwrite=True)))
