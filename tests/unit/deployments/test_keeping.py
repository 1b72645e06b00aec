"""One rule for what a person may have changed in Prefect."""

from __future__ import annotations

import pytest

from deployments.keeping import Facts, Standing, decide

OURS, NEWER, THEIRS = {"cron": "0 6 * * *"}, {"cron": "0 7 * * *"}, {"cron": "0 5 * * *"}


@pytest.mark.parametrize(
    ("wanted", "sent", "shown", "standing"),
    [
        (OURS, None, None, Standing.CREATED),
        (OURS, OURS, OURS, Standing.AS_WANTED),
        (NEWER, OURS, OURS, Standing.UPDATED),
        (OURS, OURS, THEIRS, Standing.CHANGED_BY_PERSON),
        (NEWER, OURS, THEIRS, Standing.CHANGED_BY_PERSON),
        (OURS, OURS, None, Standing.DELETED_BY_PERSON),
        (THEIRS, OURS, THEIRS, Standing.AS_WANTED),
        (OURS, None, OURS, Standing.AS_WANTED),
        (OURS, None, THEIRS, Standing.CHANGED_BY_PERSON),
        (None, OURS, OURS, Standing.REMOVED),
        (None, OURS, None, Standing.REMOVED),
        (None, OURS, THEIRS, Standing.CHANGED_BY_PERSON),
        (None, None, THEIRS, None),
        (None, None, None, None),
    ],
)
def test_what_becomes_of_it(
    wanted: Facts | None, sent: Facts | None, shown: Facts | None, standing: Standing | None
) -> None:
    assert decide(wanted, sent, shown) is standing


@pytest.mark.parametrize(
    ("wanted", "shown", "standing"),
    [(OURS, THEIRS, Standing.UPDATED), (OURS, None, Standing.CREATED), (None, THEIRS, Standing.REMOVED)],
)
def test_reset_puts_ours_back(wanted: Facts | None, shown: Facts | None, standing: Standing) -> None:
    assert decide(wanted, OURS, shown, reset=True) is standing
