"""Whom a provider of identities means: by the code that it knows, or by an e-mail address that it has verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.accounts.errors import UnknownIdentityError
from models.tables import Person


def person_of_claims(session: Session, claims: Mapping[str, Any], code_claim: str | None = None) -> Person:
    """The active person whom the claims of a checked ID token name.

    With `code_claim` only that claim counts; else the e-mail address, which the provider must have verified: anybody
    may write somebody else's into a profile.

    Raises:
        UnknownIdentityError: nobody, or more than one person.
    """
    query = select(Person).where(Person.active)
    if code_claim:
        query = query.where(Person.code == str(claims.get(code_claim) or ""))
    else:
        query = query.where(func.lower(Person.email) == _verified_mail(claims).lower())
    found = session.scalars(query.limit(2)).all()
    if len(found) != 1:
        raise UnknownIdentityError
    return found[0]


def _verified_mail(claims: Mapping[str, Any]) -> str:
    address = claims.get("email")
    if not isinstance(address, str) or not address.strip() or claims.get("email_verified") is not True:
        raise UnknownIdentityError("Đơn vị chưa xác nhận thư điện tử của anh/chị, nên không biết anh/chị là ai.")
    return address.strip()
