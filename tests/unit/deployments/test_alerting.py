"""The alert address is checked before anything is made in Prefect."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from deployments.alerting import alert_block
from models.errors import InputError


def test_without_address_there_is_no_block() -> None:
    assert alert_block(None) is None


@pytest.mark.parametrize("address", ["mailto://ai:mat-khau@example.vn", "chat.example.vn/hooks", ""])
def test_what_is_no_web_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(InputError) as refused:
        alert_block(SecretStr(address))

    (problem,) = refused.value.problems
    assert (problem.field, problem.problem) == ("OCOP_ALERT_URL", "không phải địa chỉ http(s)")
