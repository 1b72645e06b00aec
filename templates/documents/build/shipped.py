"""The list of templates, and writing them: equal content gives equal files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from templates.documents.build import papers_certificate, papers_council, papers_decision, papers_dossier, papers_round
from templates.documents.build.layout import Page

TEMPLATES: tuple[Callable[[], Page], ...] = (
    papers_round.round_notice,
    papers_dossier.registration_form,
    papers_dossier.self_assessment,
    papers_dossier.commune_report,
    papers_dossier.supplement_request,
    papers_dossier.score_sheet,
    papers_council.invitation,
    papers_council.advisory_report,
    papers_council.council_minutes,
    papers_decision.submission_letter,
    papers_decision.decision,
    papers_decision.forwarding_letter,
    papers_decision.result_notice_commune,
    papers_decision.result_notice_producer,
    papers_certificate.certificate,
    papers_certificate.expiry_notice,
    papers_certificate.revocation_decision,
    papers_round.round_report,
    papers_round.year_report,
)
"""Each function makes the template of its own name."""

LONG_AGO = (1980, 1, 1, 0, 0, 0)


def template_file(make: Callable[[], Page]) -> bytes:
    """One template as a Word file, with fixed times in its archive."""
    out, packed = io.BytesIO(), io.BytesIO()
    make().document.save(out)
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, LONG_AGO)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(entry))
    return packed.getvalue()


def write_all(folder: Path) -> None:
    """Write every template into the folder."""
    for make in TEMPLATES:
        (folder / f"{make.__name__}.docx").write_bytes(template_file(make))
