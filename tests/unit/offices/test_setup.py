"""Setting up an office: what is stored, what is refused, twice is once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.actors import actor
from models.enums import CouncilRole, Level, Role
from models.errors import InputError, NotAllowedError, NotFoundError
from models.offices.setup import OfficeFile, give_role, read_office_file, set_up_office
from models.tables import AuditEntry, Capacity, Council, Office, Person, Place
from tests.conftest import DEMO
from tests.factories import HANDED_IN, council

FROM = date(2024, 1, 1)


def facts(**changed: Any) -> dict[str, Any]:
    """A small office beside the one of the demo."""
    return {
        "from_day": "2024-01-01",
        "offices": [{"code": "vp2", "name": "Văn phòng hai", "kind": "coordination", "level": "district"}],
        "people": [{"code": "p2", "name": "Người hai", "role": "coordinator", "office": "vp2"}],
        **changed,
    }


def set_up(session: Session, **changed: Any) -> None:
    set_up_office(session, OfficeFile.model_validate(facts(**changed)), HANDED_IN)


def number(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_demo_office_has_its_units_people_and_council(session: Session) -> None:
    office = session.scalars(select(Office).where(Office.code == "vpdp")).one()

    assert (number(session, Office), number(session, Person)) == (40, 48)
    assert (office.level, office.parent and office.parent.code) == (Level.DISTRICT, "ubnd-huyen")
    assert office.place is not None
    assert office.place.title == "huyện Thọ Xuân"
    assert [(m.person.code, m.role) for m in council(session).members][:3] == [
        ("hd-chu-tich", CouncilRole.CHAIR),
        ("hd-pho", CouncilRole.VICE_CHAIR),
        ("hd-nnptnt", CouncilRole.MEMBER),
    ]
    assert council(session).secretary.code == "thu-ky"


def test_setting_up_twice_is_once(session: Session) -> None:
    tables = (Office, Person, Capacity, Council, Place)
    before = [number(session, table) for table in tables]

    set_up_office(session, read_office_file(DEMO / "office.yaml"), HANDED_IN)

    assert [number(session, table) for table in tables] == before
    assert len(council(session).members) == 7
    assert session.scalars(select(AuditEntry.act)).all().count("office.imported") == 2


def test_setting_up_again_brings_names_and_seats_up_to_date(session: Session) -> None:
    file = read_office_file(DEMO / "office.yaml")
    file.people[0].name = "Lê Thị Hương Giang"
    file.councils[0].members[0].role = CouncilRole.MEMBER
    file.councils[0].members[1].role = CouncilRole.CHAIR

    set_up_office(session, file, HANDED_IN)

    assert session.scalars(select(Person.name).where(Person.code == "dieu-phoi")).one() == "Lê Thị Hương Giang"
    assert [m.role for m in council(session).members][:2] == [CouncilRole.MEMBER, CouncilRole.CHAIR]


def test_unknown_names_are_all_listed_and_nothing_is_stored(session: Session) -> None:
    before = number(session, Office)

    with pytest.raises(InputError) as refused:
        set_up(
            session,
            offices=[
                {
                    "code": "xa",
                    "name": "UBND xã",
                    "kind": "commune",
                    "level": "commune",
                    "place": "xã Mây",
                    "parent": "h",
                }
            ],
            people=[{"code": "p2", "name": "Người hai", "role": "coordinator", "office": "vp3"}],
            councils=[
                {
                    "name": "HĐ",
                    "office": "vp4",
                    "decision_number": "1/QĐ",
                    "decided_on": "2024-01-02",
                    "secretary": "p3",
                    "members": [{"person": "p4", "role": "chair"}],
                }
            ],
        )

    assert [problem.field for problem in refused.value.problems] == [
        "offices[0].parent",
        "offices[0].place",
        "people[0].office",
        "councils[0].office",
        "councils[0].secretary",
        "councils[0].members[0].person",
    ]
    assert number(session, Office) == before


def test_office_of_a_commune_must_name_its_place(session: Session) -> None:
    with pytest.raises(InputError, match=r"offices\[0\].place: đơn vị cấp xã phải ghi địa bàn"):
        set_up(session, offices=[{"code": "xa", "name": "UBND xã", "kind": "commune", "level": "commune"}], people=[])


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"quorum": "nhiều"}, "councils[0].rules.quorum"),
        ({"quorum": "1.5"}, "councils[0].rules.quorum"),
        ({"spread": "10"}, "councils[0].rules.spread"),
        ({"gate_rule": "median"}, "councils[0].rules.gate_rule"),
    ],
)
def test_rules_that_a_council_cannot_have_are_refused_when_it_is_set_up(
    tmp_path: Path, rules: dict[str, str], field: str
) -> None:
    text = (DEMO / "office.yaml").read_text(encoding="utf-8")
    changed = text.replace('{quorum: "0.75", spread_limit: "10", gate_rule: mean}', str(rules))
    path = tmp_path / "office.yaml"
    path.write_text(changed, encoding="utf-8")

    with pytest.raises(InputError) as refused:
        read_office_file(path)

    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("offices: [", "Không đọc được tệp office.yaml"),
        ("offices: []\noffices: []", "Không đọc được tệp office.yaml"),
        ("- a\n- b", "biểu mẫu: phải là các cặp tên – giá trị"),
        ("from_day: 2024-02-30\noffices: [{code: a, name: b, kind: commune, level: xa}]", "from_day: không phải ngày"),
    ],
)
def test_faulty_file_is_refused_in_vietnamese(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "office.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as refused:
        read_office_file(path)

    assert words in str(refused.value)


def test_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "office.yaml"
    with pytest.raises(InputError, match=r"Không đọc được tệp office\.yaml"):
        read_office_file(path)
    path.write_bytes("xã".encode("utf-16"))
    with pytest.raises(InputError, match=r"Không đọc được tệp office\.yaml"):
        read_office_file(path)


def test_role_given_again_is_one_and_after_its_end_a_new_one(session: Session) -> None:
    person = session.scalars(select(Person).where(Person.code == "kiem-tra")).one()
    first = give_role(session, person, Role.AUDITOR, FROM)

    assert give_role(session, person, Role.AUDITOR, date(2024, 6, 1)) is first
    first.valid_to = date(2024, 6, 30)
    again = give_role(session, person, Role.AUDITOR, date(2024, 9, 1))

    assert again is not first
    assert actor(session, "kiem-tra", Role.AUDITOR, date(2024, 9, 1)).person_id == person.id
    with pytest.raises(NotAllowedError):
        actor(session, "kiem-tra", Role.AUDITOR, date(2024, 7, 15))


@pytest.mark.parametrize("day", ["2023-12-31", "2025-01-01"])
def test_person_acts_only_while_the_role_is_held(session: Session, day: str) -> None:
    capacity = session.scalars(select(Capacity).join(Person).where(Person.code == "dieu-phoi")).one()
    capacity.valid_to = date(2024, 12, 31)

    assert actor(session, "dieu-phoi", Role.COORDINATOR, date(2024, 12, 31)).office_id == capacity.office_id
    with pytest.raises(NotAllowedError, match="Lê Thị Hương không giữ vai trò «Cán bộ điều phối»"):
        actor(session, "dieu-phoi", Role.COORDINATOR, date.fromisoformat(day))


def test_person_does_not_act_in_a_role_of_others(session: Session) -> None:
    with pytest.raises(NotAllowedError, match="không giữ vai trò «Lãnh đạo UBND»"):
        actor(session, "dieu-phoi", Role.LEADER, FROM)


def test_person_who_left_does_not_act(session: Session) -> None:
    session.scalars(select(Person).where(Person.code == "dieu-phoi")).one().active = False

    with pytest.raises(NotAllowedError):
        actor(session, "dieu-phoi", Role.COORDINATOR, FROM)


def test_unknown_person_is_named(session: Session) -> None:
    with pytest.raises(NotFoundError, match="Không có người dùng «ai-do»"):
        actor(session, "ai-do", Role.COORDINATOR, FROM)


def test_ladder_that_makes_no_sense_is_refused_at_the_import(session: Session) -> None:
    office = {**facts()["offices"][0], "settings": {"rungs": {"escalated_head": 9}}}

    with pytest.raises(InputError, match="Cài đặt bậc nhắc") as refused:
        set_up(session, offices=[office])

    assert refused.value.problems[0].field == "settings.rungs"


def test_settings_of_papers_that_do_not_exist_are_refused_with_their_names(session: Session) -> None:
    office = {**facts()["offices"][0], "settings": {"papers": {"noi_ky": "Thọ Xuân", "signatures": {"office": {}}}}}

    with pytest.raises(InputError) as refused:
        set_up(session, offices=[office])

    assert [problem.field.partition(".")[2] for problem in refused.value.problems] == [
        "settings.papers.signatures.office.post",
        "settings.papers.noi_ky",
    ]
