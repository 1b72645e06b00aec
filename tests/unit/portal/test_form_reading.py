"""What a browser sends becomes the data of a form."""

from __future__ import annotations

import pytest

from models.forms.attempt import InspectionForm
from portal.forms import data_from


@pytest.mark.parametrize(
    ("typed", "read"),
    [("04/09/2024", "2024-09-04"), ("2024-09-04", "2024-09-04"), ("31/02/2024", "31/02/2024"), ("mai", "mai")],
)
def test_day_typed_without_a_calendar_is_read_and_what_is_none_stays_as_typed(typed: str, read: str) -> None:
    assert data_from(InspectionForm, {"outcome": ["passed"], "inspected_on": [typed]}) == {
        "outcome": "passed",
        "inspected_on": read,
    }
