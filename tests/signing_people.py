"""A PDF to sign, people who may, and a folder of trusted issuers."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from tests.certificates import Issued, issuer, signer
from tests.factories import at

NOW = at("2024-12-20")
POST, NAME = "PHÓ CHỦ TỊCH", "Lê Văn Bốn"


def pdf(*lines: tuple[float, float, str], pages: int = 1) -> bytes:
    """A PDF of A4 with texts at these points of its last page (millimetres from the lower left corner)."""
    out = BytesIO()
    with PdfPages(out, metadata={"CreationDate": None}) as book:
        for number in range(pages):
            figure = Figure((210 / 25.4, 297 / 25.4))
            for across, up, text in lines if number == pages - 1 else ():
                figure.text(across / 210, up / 297, text, ha="center", fontsize=13)
            book.savefig(figure)
    return out.getvalue()


@pytest.fixture
def now() -> datetime:
    """The day of signing."""
    return NOW


@pytest.fixture(scope="session")
def ca() -> Issued:
    """An issuer."""
    return issuer(NOW)


@pytest.fixture(scope="session")
def leader(ca: Issued) -> Issued:
    """A person certified by it."""
    return signer(ca, NOW, NAME)


@pytest.fixture
def trust(ca: Issued, tmp_path: Path) -> Path:
    """The folder of trusted issuers with this one in it."""
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "ca.pem").write_bytes(ca.pem)
    return folder


@pytest.fixture(scope="session")
def paper() -> bytes:
    """A paper of two pages with a signature block."""
    return pdf((150, 90, POST), (150, 55, NAME), (60, 200, "Quyết định"), pages=2)
