"""`ocop user`, `delegate`, `task claim|release`, `person handover` as people type them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from models.accounts.signing_in import sign_in
from models.database import transaction
from models.enums import Role
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.tables import Person, WorkItem
from tests.factories import accepted, at, opened, proposed
from tests.unit.cli.conftest import Ocop, set_day


@pytest.fixture
def commune_item(office: str) -> int:
    """An item that waits for a commune, and a second officer there."""
    set_day(office, 2024, 7, 16)
    with transaction(office) as session:
        attempt = accepted(session)
        item = opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, at("2024-07-16"))
        second = Person(code="cb-hai", name="Cán Bộ Hai")
        session.add(second)
        give_role(session, second, Role.COMMUNE_OFFICER, date(2024, 1, 1), office=item.office)
        return item.id


def officers(ocop: Ocop, item: int) -> tuple[str, str]:
    """The officer of the item's commune, and the second one."""
    unit = ocop("task", "show", str(item), "--json").json["item"]["waiting_for"]
    people = ocop("person", "list", "--json").json
    first = next(p for p in people if p["office"] == unit and p["code"] != "cb-hai")
    return first["code"], "cb-hai"


def test_installer_makes_the_first_administrator_who_makes_the_others(ocop: Ocop, office: str) -> None:
    assert ocop("person", "add", "quan-tri", "Quản Trị", "administrator").status == 0
    assert ocop("user", "add", "quan-tri").status == 0

    made = ocop("user", "add", "dieu-phoi", "--as", "quan-tri", "--json").json

    with transaction(office) as session:
        account = sign_in(session, "dieu-phoi", made["one_time_password"], at("2024-03-01"))
        assert account.must_change
    listed = ocop("user", "list", "--json").json
    assert [(row["code"], row["state"]) for row in listed] == [
        ("dieu-phoi", "chờ đổi mật khẩu"),
        ("quan-tri", "chờ đổi mật khẩu"),
    ]
    assert made["one_time_password"] not in ocop("user", "list").out


def test_coordinator_does_not_add_accounts_and_is_told_who_does(ocop: Ocop, office: str) -> None:
    refused = ocop("user", "add", "hd-pho", "--as", "dieu-phoi", "--json")

    assert refused.status == 2
    assert [field for field, _ in refused.problems] == ["--as"]


def test_reset_disable_enable_and_second_factor(ocop: Ocop, office: str) -> None:
    ocop("person", "add", "quan-tri", "Quản Trị", "administrator")
    first = ocop("user", "add", "cb-xa-tho-dien", "--json").json["one_time_password"]

    again = ocop("user", "reset", "cb-xa-tho-dien", "--as", "dieu-phoi", "--json").json["one_time_password"]

    assert again != first
    assert ocop("user", "totp-reset", "cb-xa-tho-dien", "--as", "dieu-phoi").status == 0
    for command, state in (("disable", "ngừng sử dụng"), ("enable", "chờ đổi mật khẩu")):
        assert ocop("user", command, "cb-xa-tho-dien", "--as", "quan-tri").status == 0
        assert [row["state"] for row in ocop("user", "list", "--json").json] == [state]


def test_claimed_item_is_shown_and_refused_to_others_until_released(ocop: Ocop, commune_item: int) -> None:
    one, two = officers(ocop, commune_item)
    number = str(commune_item)
    name = ocop("task", "claim", number, "--as", one, "--json").json["item"]["claimed_by"]

    refused = ocop("task", "claim", number, "--as", two)

    assert refused.status == 2
    assert f"{name} đã nhận việc này" in refused.err
    assert f"{name} đã nhận" in ocop("task", "show", number).out
    assert [row["claimed_by"] for row in ocop("task", "list", "--mine", "--as", one, "--json").json] == [name]
    assert ocop("task", "list", "--mine", "--as", two, "--json").json == []
    assert ocop("task", "release", number, "--as", "dieu-phoi").status == 2  # no reason
    assert ocop("task", "release", number, "--reason", "Nghỉ ốm", "--as", "dieu-phoi").status == 0
    assert len(ocop("task", "list", "--mine", "--as", two, "--json").json) == 1


def test_handover_is_listed_first_and_then_done(ocop: Ocop, commune_item: int, office: str) -> None:
    one, two = officers(ocop, commune_item)
    ocop("task", "claim", str(commune_item), "--as", one)
    words = ("person", "handover", one, two, "--reason", "Chuyển công tác", "--as", "dieu-phoi")

    seen = ocop(*words, "--dry-run", "--json").json
    with transaction(office) as session:
        assert session.get_one(WorkItem, commune_item).claimed_by is not None
        assert session.get_one(WorkItem, commune_item).claimed_by.code == one  # type: ignore[union-attr]
    done = ocop(*words, "--json").json

    assert done == seen
    assert [(line["item"], line["why_not"]) for line in done] == [(commune_item, "")]
    assert ocop("task", "show", str(commune_item), "--json").json["item"]["claimed_by"] == "Cán Bộ Hai"


def test_delegate_sees_and_closes_the_work_and_both_are_named(ocop: Ocop, commune_item: int) -> None:
    one, _ = officers(ocop, commune_item)
    number, words = str(commune_item), ("delegate", "add", one, "dieu-phoi", "--until", "2024-07-20")
    assert ocop(*words, "--reason", "Nghỉ phép", "--as", "hd-pho").status == 2
    assert ocop(*words, "--reason", "Nghỉ phép", "--kind", "score_sheet", "--as", one).status == 2
    made = ocop(*words, "--reason", "Nghỉ phép", "--kind", "commune_assessment", "--as", one, "--json")
    assert made.json["kinds"] == ["commune_assessment"]

    assert commune_item in [row["id"] for row in ocop("task", "list", "--mine", "--as", "dieu-phoi", "--json").json]
    done = ocop("task", "complete", number, "-", "--as", "dieu-phoi", "--json", stdin=json.dumps(proposed()))

    stated = done.json["outcomes"][0]
    assert stated["on_behalf_of"] is not None
    assert stated["on_behalf_of"] != stated["by"]
    assert stated["capacity"] == "commune_officer"
    assert f"{stated['by']} (thay mặt {stated['on_behalf_of']})" in ocop("task", "show", number).out


def test_ended_delegation_takes_the_work_away(ocop: Ocop, commune_item: int) -> None:
    one, _ = officers(ocop, commune_item)
    words = ("--until", "2024-07-20", "--reason", "Nghỉ phép", "--as", one)
    ocop("delegate", "add", one, "dieu-phoi", *words)
    assert [row["state"] for row in ocop("delegate", "list", "--json").json] == ["đang có hiệu lực"]

    assert ocop("delegate", "end", one, "--as", "dieu-phoi").status == 0

    assert ocop("delegate", "list", "--json").json == []
    assert [row["state"] for row in ocop("delegate", "list", "--all", "--json").json] == ["đã kết thúc"]
    mine = [row["id"] for row in ocop("task", "list", "--mine", "--as", "dieu-phoi", "--json").json]
    assert commune_item not in mine


def test_stand_in_of_the_coordinator_extends_suspends_and_corrects(ocop: Ocop, commune_item: int) -> None:
    number, words = str(commune_item), ("--until", "2024-07-20", "--reason", "Nghỉ phép", "--as", "dieu-phoi")
    assert ocop("delegate", "add", "dieu-phoi", "tu-van-1", *words).status == 0
    by = ("--as", "tu-van-1", "--json")

    assert ocop("task", "extend", number, "--days", "3", "--reason", "Chờ", *by).status == 0
    assert ocop("task", "suspend", number, "--reason", "Chờ chủ thể", *by).status == 0
    check = commune_item - 1
    corrected = ocop("task", "correct", str(check), "-", "--reason", "Ghi thiếu", *by, stdin='{"note": "Đủ"}')

    assert corrected.json["outcomes"][-1]["on_behalf_of"] == "Lê Thị Hương"
