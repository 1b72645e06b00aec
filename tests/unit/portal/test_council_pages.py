"""The council's pages: sheets that nobody else sees, meetings closed once, results when it is time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from models.actors import oneself
from models.database import engine_for, reading, transaction
from models.delegations.making import delegate
from models.enums import CouncilRole, Role, SessionStatus, TokenScope
from models.office_clock import set_stored_now
from models.offices.people import person_of_code
from models.tables import (
    AuditEntry,
    Council,
    CouncilMember,
    CouncilSession,
    Draft,
    Outcome,
    Person,
    PortalSession,
    Recusal,
    Result,
    ScoreSheet,
    WorkItem,
)
from models.work_items import complete
from tests.factories import CAKE, HELD, LONGAN, MEMBERS, recuse, score, session_with, sheet_item, sheet_of, someone
from tests.portal_client import Browser, real_now, sign_in, token_for

SECRET = "Y-KIEN-RIENG"


@pytest.fixture(scope="module")
def called_file(office_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which a meeting for two products was called and nobody has scored; copy it, do not change it."""
    path = tmp_path_factory.mktemp("called") / "ocop.sqlite"
    shutil.copyfile(office_file, path)
    with transaction(f"sqlite:///{path}") as session:
        set_stored_now(session, HELD)
        session_with(session, CAKE, LONGAN)
    engine_for(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def url(called_file: Path, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own."""
    path = tmp_path / "ocop.sqlite"
    shutil.copyfile(called_file, path)
    yield f"sqlite:///{path}"
    engine_for(f"sqlite:///{path}").dispose()


@pytest.fixture
def now() -> datetime:
    """The day of the meeting."""
    return HELD


@pytest.fixture
def meeting(url: str) -> int:
    """The meeting."""
    with reading(url) as session:
        return session.scalars(select(CouncilSession.id)).one()


@pytest.fixture
def enter(client: TestClient, url: str, now: datetime) -> Callable[[str], Browser]:
    """Signs people in."""
    return lambda code: sign_in(client, url, code, now)


def item_of(url: str, member: str, position: int = 1) -> int:
    with reading(url) as session:
        products = session.scalars(select(CouncilSession)).one().products
        return sheet_item(session, products[position - 1], member).id


def closing_item(url: str) -> int:
    with reading(url) as session:
        return session.scalars(select(WorkItem.id).where(WorkItem.kind == "council_session")).one()


def count(url: str, table: type) -> int:
    with reading(url) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def filled(total: int, **more: str) -> dict[str, str]:
    return {"outcome": "scored", **{f"choices[{c}]": str(p) for c, p in sheet_of(total).items()}, **more}


def all_in(url: str, first: list[int] | int = 60, second: list[int] | int = 60) -> None:
    with transaction(url) as session:
        cake, longan = session.scalars(select(CouncilSession)).one().products
        score(session, cake, first)
        score(session, longan, second)


def close_by_page(secretary: Browser, url: str) -> None:
    secretary.get(f"/items/{closing_item(url)}")
    assert "Đã đóng chấm điểm" in secretary.send(f"/items/{closing_item(url)}/scoring-closed").text


def test_choice_is_kept_and_added_up_at_once(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.get(f"/items/{item}")

    shown = member.send(f"/items/{item}/sheet-draft/total", {"choices[1.1]": "5", "choices[1.2]": "3", "version": "0"})

    assert (shown.status_code, "<strong>8</strong>/100" in shown.text) == (200, True)
    assert 'id="ban-nhap" value="1" hx-swap-oob="true"' in shown.text
    assert "Còn 30 tiêu chí" in shown.text


def test_draft_is_there_after_the_session_ended(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.get(f"/items/{item}")
    member.send(f"/items/{item}/sheet-draft", {"choices[1.1]": "5", "opinion": SECRET, "version": "0"})
    member.get("/")
    member.send("/sign-out")

    page = enter("hd-pho").get(f"/items/{item}").text

    assert 'name="choices[1.1]" value="5" checked' in page
    assert SECRET in page


def test_choice_made_after_the_session_ended_comes_back_after_sign_in(
    enter: Callable[[str], Browser], url: str
) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.get(f"/items/{item}")
    with transaction(url) as session:
        session.execute(update(PortalSession).values(seen_at=real_now() - timedelta(hours=1)))

    page = member.send(f"/items/{item}/sheet-draft", {"choices[1.1]": "5", "version": "0"}).text

    assert "Những gì anh/chị vừa điền vẫn được giữ" in page
    assert count(url, Draft) == 0


def test_running_total_says_that_the_session_has_ended(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.client.cookies.clear()

    answer = member.client.post(
        f"/items/{item}/sheet-draft/total", data={"choices[1.1]": "5"}, headers={"HX-Request": "true"}
    )

    assert ("Phiên đăng nhập đã hết" in answer.text, answer.headers["HX-Reswap"]) == (True, "innerHTML")
    assert count(url, Draft) == 0


def test_draft_of_two_windows_is_not_overwritten_unseen(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.get(f"/items/{item}")
    csrf = member.last
    member.send(f"/items/{item}/sheet-draft/total", {"choices[1.1]": "5", "version": "0"})
    member.last = csrf

    other = member.send(f"/items/{item}/sheet-draft/total", {"choices[1.1]": "3", "version": "0"})

    assert "Bản nháp này vừa được" in other.text
    with reading(url) as session:
        assert session.scalars(select(Draft)).one().data["choices"] == {"1.1": 5}


def test_sheet_handed_in_twice_is_there_once_and_its_draft_gone(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    form = member.get(f"/items/{item}")
    member.send(f"/items/{item}/sheet-draft/total", {"choices[1.1]": "5", "version": "0"})
    member.last = form

    first = member.send(f"/items/{item}/outcome/score_sheet", filled(60))
    member.last = form
    again = member.send(f"/items/{item}/outcome/score_sheet", filled(60))

    assert ("60 điểm" in first.text, "60 điểm" in again.text) == (True, True)
    assert (count(url, ScoreSheet), count(url, Draft)) == (1, 0)


def test_sheet_with_a_criterion_missing_names_it_and_keeps_the_rest(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.get(f"/items/{item}")
    form = filled(60)
    del form["choices[2.1]"]

    refused = member.send(f"/items/{item}/outcome/score_sheet", form)

    assert refused.status_code == 422
    assert 'class="criterion wrong" id="c-2.1"' in refused.text
    assert refused.text.count(" checked") == 31
    assert count(url, ScoreSheet) == 0


def test_sheet_with_an_old_version_is_told(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.get(f"/items/{item}")

    refused = member.send(f"/items/{item}/outcome/score_sheet", filled(60, _version="99"))

    assert (refused.status_code, "Nội dung đã thay đổi" in refused.text) == (412, True)
    assert count(url, ScoreSheet) == 0


def test_recusal_needs_its_reason(enter: Callable[[str], Browser], url: str) -> None:
    member, item = enter("hd-pho"), item_of(url, "hd-pho")
    member.get(f"/items/{item}")

    refused = member.send(f"/items/{item}/outcome/score_sheet", {"outcome": "recused"})
    told = member.send(f"/items/{item}/outcome/score_sheet", {"outcome": "recused", "reason": "Em ruột là chủ cơ sở"})

    assert (refused.status_code, "từ chối chấm phải ghi lý do" in refused.text.lower()) == (422, True)
    assert (told.status_code, count(url, Recusal)) == (200, 1)


def test_sheet_of_another_member_does_not_exist(enter: Callable[[str], Browser], url: str, now: datetime) -> None:
    with transaction(url) as session:
        product = session.scalars(select(CouncilSession)).one().products[0]
        score(session, product, 61, members=("hd-nnptnt",))
    item = item_of(url, "hd-nnptnt")
    other = enter("hd-pho")
    other.get("/")

    answers = [
        other.get(f"/items/{item}"),
        other.client.get(f"/api/v1/items/{item}", headers=token_for(url, "hd-pho", now, TokenScope.READ)),
        other.client.get(f"/api/v1/items/{item}/sheet", headers=token_for(url, "hd-pho", now, TokenScope.READ)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not any("61 điểm" in answer.text for answer in answers)


@pytest.mark.parametrize("path", ["outcome/score_sheet", "sheet-draft", "sheet-draft/total"])
def test_nothing_is_written_on_the_sheet_of_another_member(
    enter: Callable[[str], Browser], url: str, path: str
) -> None:
    item = item_of(url, "hd-nnptnt")
    other = enter("hd-pho")
    other.get(f"/items/{item_of(url, 'hd-pho')}")

    other.send(f"/items/{item}/{path}", filled(60, version="0"))

    assert (count(url, ScoreSheet), count(url, Draft)) == (0, 0)


def test_secretary_sees_who_has_handed_in_and_never_what(
    enter: Callable[[str], Browser], url: str, meeting: int, now: datetime
) -> None:
    with transaction(url) as session:
        product = session.scalars(select(CouncilSession)).one().products[0]
        who = someone(session, "hd-pho", Role.COUNCIL_MEMBER, HELD)
        form = {"outcome": "scored", "choices": sheet_of(63), "opinion": SECRET}
        complete(session, sheet_item(session, product, "hd-pho").id, form, who, HELD)
        recuse(session, product, "hd-vp")
    secretary = enter("thu-ky")
    token = token_for(url, "thu-ky", now, TokenScope.READ)
    item = item_of(url, "hd-pho")

    shown = secretary.get(f"/sessions/{meeting}").text
    others = [
        secretary.get(f"/sessions/{meeting}/progress"),
        secretary.get(f"/items/{closing_item(url)}"),
        secretary.get(f"/items/{item}"),
        secretary.client.get(f"/api/v1/sessions/{meeting}", headers=token),
        secretary.client.get(f"/api/v1/items/{item}", headers=token),
    ]

    assert ("Đã nộp 1/6 phiếu" in shown, "Có người thân là chủ cơ sở." in shown) == (True, True)
    texts = [shown, *(other.text for other in others)]
    assert not any(leak in text for text in texts for leak in (SECRET, ">63<", "63 điểm", '"choices"'))
    assert [other.status_code for other in others] == [200, 200, 200, 200, 200]
    assert others[4].json()["outcomes"] == []
    assert secretary.get(f"/sessions/{meeting}/results").status_code == 403
    assert secretary.client.get(f"/api/v1/sessions/{meeting}/results", headers=token).status_code == 403
    with reading(url) as session:
        product_id = session.scalars(select(CouncilSession)).one().products[0].id
    assert secretary.get(f"/sessions/{meeting}/products/{product_id}/chart.svg").status_code == 403


@pytest.mark.parametrize("code", ["hd-pho", "lanh-dao"])
def test_members_and_leaders_do_not_see_who_has_handed_in(
    enter: Callable[[str], Browser], meeting: int, code: str
) -> None:
    visitor = enter(code)

    assert "Ai đã nộp phiếu" not in visitor.get(f"/sessions/{meeting}").text
    assert visitor.get(f"/sessions/{meeting}/progress").status_code == 403


def test_member_finds_own_sheets_on_the_meetings_page(enter: Callable[[str], Browser], url: str, meeting: int) -> None:
    page = enter("hd-pho").get(f"/sessions/{meeting}").text

    links = [number for number in range(1, 200) if f'href="/items/{number}"' in page]
    assert links == [item_of(url, "hd-pho"), item_of(url, "hd-pho", 2)]


def test_meeting_does_not_exist_for_communes(enter: Callable[[str], Browser], meeting: int) -> None:
    assert enter("cb-xa-tho-dien").get(f"/sessions/{meeting}").status_code == 403


def test_scoring_is_closed_and_only_then_seen_by_the_members(
    enter: Callable[[str], Browser], url: str, meeting: int
) -> None:
    all_in(url, [60, 61, 62, 63, 64, 65, 66])
    assert enter("hd-pho").get(f"/sessions/{meeting}/results").status_code == 403

    close_by_page(enter("thu-ky"), url)

    shown = enter("hd-pho").get(f"/sessions/{meeting}/results")
    assert (shown.status_code, "63,00" in shown.text, "Diễn giải cách tính" in shown.text) == (200, True, True)


def test_scoring_cannot_be_closed_while_sheets_are_missing(enter: Callable[[str], Browser], url: str) -> None:
    secretary, item = enter("thu-ky"), closing_item(url)
    secretary.get(f"/items/{item}")

    refused = secretary.send(f"/items/{item}/scoring-closed", {"absent": "hd-vp"})

    assert (refused.status_code, "Còn phiếu chấm chưa nộp" in refused.text) == (409, True)
    assert 'value="hd-vp" checked' in refused.text


def test_sheet_after_the_scoring_was_closed_is_refused(enter: Callable[[str], Browser], url: str) -> None:
    with transaction(url) as session:
        for product in session.scalars(select(CouncilSession)).one().products:
            score(session, product, 60, members=MEMBERS[:6])
    late, item = enter("hd-vp"), item_of(url, "hd-vp")
    form = late.get(f"/items/{item}")
    secretary = enter("thu-ky")
    secretary.get(f"/items/{closing_item(url)}")
    secretary.send(f"/items/{closing_item(url)}/scoring-closed", {"absent": "hd-vp"})

    late = enter("hd-vp")
    late.get("/")
    late.send(f"/items/{item}/outcome/score_sheet", filled(60))

    assert form.status_code == 200
    assert count(url, ScoreSheet) == 12


def test_second_secretary_who_concludes_is_told_and_nothing_is_doubled(
    enter: Callable[[str], Browser], url: str, meeting: int
) -> None:
    all_in(url)
    close_by_page(enter("thu-ky"), url)
    item = closing_item(url)
    secretary = enter("thu-ky")
    form = secretary.get(f"/items/{item}")
    sent = {"outcome": "concluded", "minutes_number": "05/BB-HĐ", "_version": "2"}
    secretary.send(f"/items/{item}/outcome/council_session", sent)
    secretary.last = form

    second = secretary.send(
        f"/items/{item}/outcome/council_session", sent | {"minutes_number": "06/BB-HĐ", "_key": "another-window"}
    )

    assert (second.status_code, "Nội dung đã thay đổi" in second.text) == (412, True)
    assert "06/BB-HĐ" in second.text
    with reading(url) as session:
        assert session.get_one(CouncilSession, meeting).minutes_number == "05/BB-HĐ"
    assert count(url, Result) == 2


def test_second_secretary_who_closes_the_scoring_is_told(
    enter: Callable[[str], Browser], enter_elsewhere: Callable[[str], Browser], url: str
) -> None:
    all_in(url)
    lends_a_hand(url)
    item, stand_in = closing_item(url), enter_elsewhere("chanh-vp")
    form = stand_in.get(f"/items/{item}")
    close_by_page(enter("thu-ky"), url)
    stand_in.last = form

    told = stand_in.send(f"/items/{item}/scoring-closed")

    assert (told.status_code, "đã được đóng" in told.text) == (409, True)
    with reading(url) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "council.scoring-closed")).all()
        assert [(entry.actor.code, entry.on_behalf_of_id) for entry in entries if entry.actor] == [("thu-ky", None)]


def test_stand_in_who_was_first_is_kept_with_both_names(
    enter: Callable[[str], Browser], enter_elsewhere: Callable[[str], Browser], url: str, meeting: int
) -> None:
    all_in(url)
    lends_a_hand(url)
    item, secretary, stand_in = closing_item(url), enter("thu-ky"), enter_elsewhere("chanh-vp")
    close_by_page(stand_in, url)
    form = secretary.get(f"/items/{item}")
    (version,) = set(re.findall(r'name="_version" value="(\d+)"', form.text))
    sent = {"outcome": "concluded", "minutes_number": "05/BB-HĐ", "_version": version}
    stand_in.get(f"/items/{item}")
    stand_in.send(f"/items/{item}/outcome/council_session", sent)
    secretary.last = form

    second = secretary.send(f"/items/{item}/outcome/council_session", sent | {"minutes_number": "06/BB-HĐ"})

    assert (second.status_code, "06/BB-HĐ" in second.text) == (412, True)
    assert count(url, Result) == 2
    with reading(url) as session:
        assert session.get_one(CouncilSession, meeting).minutes_number == "05/BB-HĐ"
        (outcome,) = session.scalars(select(Outcome).where(Outcome.item_id == item)).all()
        people = {person.id: person.code for person in session.scalars(select(Person))}
        assert (people[outcome.actor_id or 0], people[outcome.on_behalf_of_id or 0]) == ("chanh-vp", "thu-ky")


@pytest.fixture
def enter_elsewhere(client: TestClient, url: str, now: datetime) -> Callable[[str], Browser]:
    """Signs people in at a machine of their own: what is kept in the browser is not that of `enter`."""
    return lambda code: sign_in(TestClient(client.app, base_url=client.base_url), url, code, now)


def lends_a_hand(url: str) -> None:
    """The secretary lets another stand in, and goes on working as well."""
    with transaction(url) as session:
        giver, taker = person_of_code(session, "thu-ky"), person_of_code(session, "chanh-vp")
        day = HELD.date()
        delegate(session, giver, taker, [], day, day, "Phiên họp đông", oneself(session, giver.id, day), HELD)


def test_second_window_of_the_secretary_who_closed_the_scoring_is_told(
    enter: Callable[[str], Browser], url: str
) -> None:
    all_in(url)
    close_by_page(enter("thu-ky"), url)
    secretary = enter("thu-ky")
    secretary.get(f"/items/{closing_item(url)}")

    second = secretary.send(f"/items/{closing_item(url)}/scoring-closed", {"_key": "another-window"})

    assert (second.status_code, "đã được đóng" in second.text) == (409, True)


def test_conclusion_by_product_with_override_and_its_reason(
    enter: Callable[[str], Browser], url: str, meeting: int
) -> None:
    with transaction(url) as session:
        cake, longan = session.scalars(select(CouncilSession)).one().products
        score(session, cake, 72, gates=4, miss=("3.6",))
        score(session, longan, 60)
    close_by_page(enter("thu-ky"), url)
    secretary = enter("thu-ky")
    page = secretary.get(f"/items/{closing_item(url)}")
    override = {"conclusions[2024-001][stars]": "4", "conclusions[2024-001][text]": "Đạt 4 sao"}
    out = {"eliminations[2024-002]": ["1.1"], "outcome": "concluded", "minutes_number": "05/BB-HĐ"}

    refused = secretary.send(f"/items/{closing_item(url)}/outcome/council_session", override | out)
    reason = {"conclusions[2024-001][reason]": "Đã được cấp văn bằng."}
    secretary.send(f"/items/{closing_item(url)}/outcome/council_session", override | out | reason)

    assert "4 sao · 3.6" in page.text
    assert (refused.status_code, "kết luận khác kết quả tính phải ghi lý do" in refused.text.lower()) == (422, True)
    shown = secretary.get(f"/sessions/{meeting}/results").text
    assert ("Đã được cấp văn bằng." in shown, "bị loại" in shown) == (True, True)
    with reading(url) as session:
        results = session.scalars(select(Result).order_by(Result.id)).all()
        found = [(one.stars, one.computed_stars, one.eliminated) for one in results]
        assert found == [(4, 3, []), (None, None, ["1.1"])]


def test_second_scoring_opens_the_sheets_again_with_the_first_choice_beside(
    enter: Callable[[str], Browser], url: str
) -> None:
    all_in(url, [60] * 6 + [75])
    close_by_page(enter("thu-ky"), url)
    secretary = enter("thu-ky")
    assert "phải chấm lần hai" in secretary.get(f"/items/{closing_item(url)}").text

    secretary.send(f"/items/{closing_item(url)}/outcome/council_session", {"outcome": "second_scoring"})

    with reading(url) as session:
        meeting = session.scalars(select(CouncilSession)).one()
        again = sheet_item(session, meeting.products[0], "hd-pho", 2).id
        assert meeting.status is SessionStatus.CALLED
    page = enter("hd-pho").get(f"/items/{again}").text
    assert page.count('<span class="tag">lần một</span>') == 32
    assert "chấm lần hai" in page


def test_mean_of_69_995_is_3_stars_and_shown_as_69_99(enter: Callable[[str], Browser], url: str, meeting: int) -> None:
    with transaction(url) as session:
        found = session.scalars(select(CouncilSession)).one()
        cake, longan = found.products
        score(session, cake, [69] + [70] * 6, gates=4)
        score(session, longan, 60)
        for number in range(193):
            person = Person(code=f"hd-{number}", name=f"Ủy viên {number}")
            seat = CouncilMember(council=found.council, person=person, role=CouncilRole.MEMBER)
            sheets = [
                ScoreSheet(product=cake, choices=sheet_of(70, gates=4), total=70),
                ScoreSheet(product=longan, choices=sheet_of(60), total=60),
            ]
            for sheet in sheets:
                sheet.member, sheet.scoring, sheet.submitted_at = seat, 1, HELD
            session.add_all([person, seat, *sheets])
    close_by_page(enter("thu-ky"), url)

    (cake_result, _) = (
        enter("thu-ky")
        .client.get(f"/api/v1/sessions/{meeting}/results", headers=token_for(url, "thu-ky", HELD, TokenScope.READ))
        .json()
    )
    shown = enter("thu-ky").get(f"/sessions/{meeting}/results").text

    assert (cake_result["mean_exact"], cake_result["mean"], cake_result["stars"]) == ("13999/200", "69,99", 3)
    assert ("69,99" in shown, "70,00" in shown) == (True, False)


def test_rules_are_not_changed_while_a_meeting_waits_for_its_decision(
    enter: Callable[[str], Browser], url: str
) -> None:
    secretary = enter("thu-ky")
    assert 'value="75"' in secretary.get("/councils/1/rules").text

    refused = secretary.send(
        "/councils/1/rules", {"quorum": "66,5", "spread_limit": "7,5", "gate_rule": "every_member"}
    )

    assert (refused.status_code, "66,5" in refused.text) == (409, True)
    with reading(url) as session:
        assert session.get_one(Council, 1).rules["quorum"] == "0.75"


def test_members_do_not_keep_the_council(enter: Callable[[str], Browser]) -> None:
    assert enter("hd-pho").get("/councils/1/rules").status_code == 403


def test_another_decision_makes_another_council_and_the_meeting_keeps_its_own(
    enter: Callable[[str], Browser], url: str, meeting: int
) -> None:
    secretary = enter("thu-ky")
    secretary.get("/councils/1/composition")
    sent = {"decision_number": "12/QĐ-UBND", "decided_on": "2024-09-10", "secretary": "thu-ky"}
    for row, code in enumerate(MEMBERS):
        sent |= {
            f"members[{row}][person]": code if row else "",
            f"members[{row}][role]": "chair" if row == 1 else "member",
        }

    done = secretary.send("/councils/1/composition", sent)

    assert "Đã kiện toàn hội đồng theo 12/QĐ-UBND" in done.text
    with reading(url) as session:
        assert session.get_one(CouncilSession, meeting).council_id == 1
        new = session.scalars(select(Council).order_by(Council.id.desc())).all()[0]
        assert [seat.person.code for seat in new.members] == list(MEMBERS[1:])


def test_draft_and_sheet_through_the_api(client: TestClient, url: str, now: datetime) -> None:
    item = item_of(url, "hd-pho")
    token = token_for(url, "hd-pho", now, TokenScope.READ, TokenScope.ACT)
    body = {"choices": {"1.1": 5}, "opinion": "", "version": 0}

    saved = client.post(f"/api/v1/items/{item}/sheet-draft", json=body, headers=token | {"Idempotency-Key": "a"})
    again = client.post(f"/api/v1/items/{item}/sheet-draft", json=body, headers=token | {"Idempotency-Key": "a"})
    read = client.get(f"/api/v1/items/{item}/sheet", headers=token).json()

    assert (saved.json()["data"], again.json()["data"]) == ({"version": 1}, {"version": 1})
    assert (read["draft"]["choices"], read["so_far"]["total"], read["handed_in"]) == ({"1.1": 5}, 5, None)
