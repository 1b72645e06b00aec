"""Files through the API: sent as they are in the body, named by their hash from then on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from models.enums import TokenScope
from models.errors import InputError
from models.files.receiving import Upload, UploadRules, receive
from models.files.using import file_for
from models.settings import settings
from models.tables import StoredFile
from portal.access import CASES, declare
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk, Visitor, looking, working
from portal.routing import let_in
from portal.stored import original, picture
from portal.uploads import kept
from portal.visitors import by_token

router = api_router()

PIECE = 1 << 20
NAME_LONGEST = 300


@dataclass(frozen=True)
class FileFacts:
    """A stored file. `pages` is empty for kinds without pages of their own."""

    sha256: str
    name: str
    size: int
    media_type: str
    kind: str
    pages: int | None


def facts(row: StoredFile) -> FileFacts:
    """What programs are told of a file."""
    return FileFacts(row.sha256, row.first_name, row.size, row.media_type.value, row.media_type.label, row.pages)


@read(router, "/files/{sha256}", CASES, FileFacts, "Một tệp trong kho", tag="Tệp")
def file_facts(desk: Desk, sha256: str) -> FileFacts:
    """Tên, dung lượng, loại, số trang của một tệp mà anh/chị được xem."""
    return facts(file_for(desk.session, sha256, desk.held))


async def upload(
    request: Request,
    name: Annotated[str, Query(title="Tên tệp", description="Bắt buộc.", max_length=NAME_LONGEST)] = "",
    content_length: Annotated[int | None, Header(include_in_schema=False)] = None,
) -> FileFacts:
    """Gửi nguyên nội dung tệp trong thân yêu cầu (application/octet-stream). Cùng nội dung gửi lại chỉ giữ một bản."""
    visitor = await run_in_threadpool(_sender, request)  # who sends it is asked before what is sent
    if not name.strip():
        raise InputError("thiếu tên tệp", field="name", remedy="Ghi tên tệp ở cuối địa chỉ: ?name=giay-to.pdf.")
    with receive(UploadRules.of(settings()), name) as incoming:
        await _take(request, incoming, content_length)
        received = await run_in_threadpool(incoming.finish)
        return facts(await run_in_threadpool(kept, received, lambda: working(visitor)))


declare(upload, CASES)
BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
router.add_api_route(
    "/files",
    upload,
    methods=["POST"],
    status_code=201,
    response_model=FileFacts,
    summary="Tải một tệp lên",
    operation_id="upload_file",
    tags=["Tệp"],
    openapi_extra={"requestBody": {"required": True, "content": BINARY}},
)


def content(request: Request, sha256: str) -> Response:
    """Nội dung tệp như lúc tải lên."""
    return original(_row(request, sha256))


def page_picture(request: Request, sha256: str, number: int, width: int = 900) -> Response:
    """Một trang dưới dạng ảnh JPEG, rộng 240, 900 hoặc 1800 điểm ảnh."""
    return picture(_row(request, sha256), number, width)


for path, endpoint, title, media in (
    ("/files/{sha256}/content", content, "Nội dung một tệp", "application/octet-stream"),
    ("/files/{sha256}/preview/{number}", page_picture, "Hình một trang của tệp", "image/jpeg"),
):
    declare(endpoint, CASES)
    router.add_api_route(
        path, endpoint, methods=["GET"], summary=title, response_class=Response, tags=["Tệp"],
        operation_id=f"read_{endpoint.__name__}", responses={200: {"content": {media: {}}}},
    )  # fmt: skip


def _sender(request: Request) -> Visitor:
    with looking(by_token(request, TokenScope.ACT)) as desk:
        let_in(desk, CASES, request.url.path)
        return desk.visitor


async def _take(request: Request, incoming: Upload, announced: int | None) -> None:
    """The body piece by piece; one that breaks off leaves nothing."""
    incoming.check_size(announced or 0)
    held, size = bytearray(), 0
    try:
        async for piece in request.stream():
            held += piece
            size += len(piece)
            if len(held) >= PIECE:
                await run_in_threadpool(incoming.write, bytes(held))
                held.clear()
    except ClientDisconnect as error:
        raise HTTPException(400) from error
    if announced is not None and size != announced:
        raise HTTPException(400)
    await run_in_threadpool(incoming.write, bytes(held))


def _row(request: Request, sha256: str) -> StoredFile:
    with looking(by_token(request, TokenScope.READ)) as desk:
        let_in(desk, CASES, request.url.path)
        row = file_for(desk.session, sha256, desk.held)
        desk.session.expunge(row)
        return row
