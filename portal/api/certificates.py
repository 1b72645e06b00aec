"""Certificates through the API; and, for everybody, what is public of them."""

from __future__ import annotations

from models.access.certificates import certificate_seen
from models.addresses import from_address
from models.certificates.public import PublicCertificate, public_certificate, public_register
from models.certificates.register import RegisterRow
from models.certificates.showing import CertificateLife, certificate_life
from models.paging import SIZE, Page, PageAsked
from portal.access import CASES, PUBLIC
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.certificates import visible_page, wanted_of

router = api_router()
TAG, OPEN_DATA = "Giấy chứng nhận", "Dữ liệu mở"


@read(router, "/certificates", CASES, Page[RegisterRow], "Sổ giấy chứng nhận", tag=TAG)
def certificates(
    desk: Desk,
    search: str = "",
    state: str = "",
    ending: str = "",
    stars: str = "",
    commune: str = "",
    year: str = "",
    page: int = 1,
    size: int = SIZE,
) -> Page[RegisterRow]:
    """Giấy chứng nhận trong phạm vi của người gọi; `ending`: còn hiệu lực và hết trong N ngày tới."""
    wanted = wanted_of(q=search, state=state, ending=ending, stars=stars, commune=commune, year=year)
    return visible_page(desk, wanted, PageAsked(page, size))


@read(router, "/certificates/{code}", CASES, CertificateLife, "Một giấy chứng nhận", tag=TAG)
def certificate(desk: Desk, code: str) -> CertificateLife:
    """Các mốc theo quy định đang áp dụng, việc, kiểm tra, đánh giá lại, phát hiện."""
    code = from_address(code)
    row = certificate_seen(desk.session, [held.capacity for held in desk.held], code)
    return certificate_life(desk.session, code, max(desk.today, row.issued_on))


@read(router, "/public/certificates", PUBLIC, Page[PublicCertificate], "Giấy chứng nhận (dữ liệu mở)", tag=OPEN_DATA)
def public_certificates(
    desk: Desk, search: str = "", stars: str = "", year: str = "", page: int = 1, size: int = SIZE
) -> Page[PublicCertificate]:
    """Ai cũng xem được, không cần mã truy cập: sản phẩm, chủ thể, địa bàn, hạng, quyết định, hiệu lực."""
    wanted = wanted_of(q=search, state="", ending="", stars=stars, commune="", year=year)
    return public_register(desk.session, desk.today, wanted, PageAsked(page, size))


@read(router, "/public/certificates/{code}", PUBLIC, PublicCertificate, "Tra cứu một giấy chứng nhận", tag=OPEN_DATA)
def public_one(desk: Desk, code: str) -> PublicCertificate:
    """Như trang tra cứu công khai."""
    return public_certificate(desk.session, from_address(code), desk.today)
