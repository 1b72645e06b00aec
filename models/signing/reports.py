"""What was found out about the signatures of a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.enums import SignatureVerdict


@dataclass(frozen=True)
class SignatureReport:
    """One signature. `lines`: the findings in Vietnamese, the worst first; `signed_at`: by the signer's own clock."""

    signer: str
    organisation: str
    issuer: str
    serial: str
    signed_at: datetime | None
    verdict: SignatureVerdict
    whole_document: bool
    altered: bool
    lines: list[str]


@dataclass(frozen=True)
class VerificationReport:
    """All signatures of a file, oldest first, and what they come to."""

    verdict: SignatureVerdict
    signatures: list[SignatureReport]
    checked_at: datetime

    @property
    def words(self) -> list[str]:
        """The report as lines of text."""
        return [line for one in self.signatures for line in one.lines] or [self.verdict.label]
