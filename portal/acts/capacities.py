"""In which capacity an act is done when the person may hold several: the first that the domain would accept."""

from __future__ import annotations

from collections.abc import Callable

from models.actors import Actor
from models.enums import Role
from models.errors import NotAllowedError
from portal.desk import Desk


def first_that(desk: Desk, roles: tuple[Role, ...], fits: Callable[[Actor], bool] = lambda _who: True) -> Actor:
    """The visitor in the first of `roles` that they hold and that `fits`; else in the first that they hold.

    Raises:
        NotAllowedError: the visitor holds none of them.
    """
    held = [choice.actor for choice in desk.choices_in(*roles)]
    held.sort(key=lambda who: roles.index(who.role))
    if not held:
        return desk.acting(*roles)
    return next((who for who in held if fits(who)), held[0])


def passes(check: Callable[[Actor], None]) -> Callable[[Actor], bool]:
    """A check that raises, as a question."""

    def fits(who: Actor) -> bool:
        try:
            check(who)
        except NotAllowedError:
            return False
        return True

    return fits
