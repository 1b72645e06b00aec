"""`ocop certificate list|revoke` as a person calls them; the contract beside them is in test_contracts."""

from __future__ import annotations

from datetime import date

import pytest

from models.certificates.issuing import register_old
from models.database import transaction
from models.enums import Level, OrganisationForm
from models.rounds.queries import product_by_name
from tests.factories import CAKE
from tests.unit.cli.conftest import PLAN, Ocop, set_day


@pytest.fixture
def code(office: str) -> str:
    """A certificate of 15/06/2023 in the office, looked at on 22/05/2026."""
    set_day(office, 2026, 5, 22)
    with transaction(office) as session:
        return register_old(
            session,
            product_by_name(session, CAKE),
            stars=3,
            decision_number="1/QĐ",
            issued_on=date(2023, 6, 15),
            level=Level.PROVINCE,
        ).code


def test_list_shows_what_ends_soon(ocop: Ocop, code: str) -> None:
    rows = ocop("certificate", "list", "--ending", "180", "--json").json

    assert [(row["code"], row["state"], row["days_left"]) for row in rows] == [(code, "late", 24)]
    assert ocop("certificate", "list", "--ending", "23", "--json").json == []
    assert ocop("certificate", "list", "--state", "valid", "--json").json == []


def test_list_refuses_an_unknown_state(ocop: Ocop, code: str) -> None:
    run = ocop("certificate", "list", "--state", "x", "--json")

    assert (run.status, run.problems) == (2, [("--state", "Không có trạng thái «x».")])


def test_revoke_records_the_finding_then_the_decision(ocop: Ocop, code: str) -> None:
    who = ("--as", "dieu-phoi", "--json")
    found = ocop("certificate", "revoke", code, "--ground", "2", "--finding", "Nhãn sai.", *who)
    signed = ocop("certificate", "revoke", code, "--decision", "9/QĐ-UBND", "--signer", "A", *who)

    assert (found.status, found.json["due_on"]) == (0, "2026-06-06")
    assert (signed.status, signed.json["revoked_on"]) == (0, "2026-05-22")
    assert [row["state"] for row in ocop("certificate", "list", "--json").json] == ["revoked"]


def test_renew_without_an_open_round_says_so(ocop: Ocop, code: str) -> None:
    run = ocop("certificate", "renew", code, "--as", "dieu-phoi", "--json")

    assert (run.status, run.problems) == (2, [("round", "Chưa có đợt nào nhận hồ sơ.")])


def test_show_tells_the_life_so_far(ocop: Ocop, code: str) -> None:
    ocop("certificate", "sweep")

    life, words = ocop("certificate", "show", code, "--json").json, ocop("certificate", "show", code).out

    assert (life["certificate"]["state"], life["law"]) == ("late", "qd26-2026")
    assert [line["milestone"] for line in life["milestones"]] == ["window_open", "window_closed"]
    assert [line["kind"] for line in life["items"]] == [
        "renewal_filing",
        "renewal_commune",
        "certificate_inspection",
    ]
    assert [(line["file_by"], line["ended"]) for line in life["renewals"]] == [("2026-02-15", "")]
    for part in (code, CAKE, "Quá thời gian nộp hồ sơ đánh giá lại", "Nộp hồ sơ đánh giá lại", "15/06/2026"):
        assert part in words
    assert ocop("certificate", "show", "x", "--json").status == 2
    assert ocop("certificate", "show", code, "--on", "2023-06-14", "--json").problems == [
        ("on", f"Giấy chứng nhận {code} cấp ngày 15/06/2023.")
    ]


def test_list_shows_what_is_waited_for_and_the_next_milestone(ocop: Ocop, code: str) -> None:
    ocop("certificate", "sweep")

    (row,) = ocop("certificate", "list", "--json").json

    assert row["waiting"][:2] == [
        "Nộp hồ sơ đánh giá lại (hạn 22/05/2026)",
        "Xã rà soát trước đánh giá lại (hạn 22/05/2026)",
    ]
    assert (row["next_milestone"], row["next_on"]) == ("Hết 36 tháng hiệu lực", "2026-06-16")


def test_sweep_by_hand_tells_once_and_opens_the_work(ocop: Ocop, code: str) -> None:
    first, again = (ocop("certificate", "sweep", "--now", "2026-05-22", "--json").json for _ in range(2))

    assert first["passed"] == [{"code": code, "new": ["window_open", "window_closed"], "told": "window_closed"}]
    assert {row["kind"] for row in first["opened"]} == {
        "renewal_filing",
        "renewal_commune",
        "certificate_inspection",
    }
    assert (again["passed"], again["opened"]) == ([], [])
    listed = ocop("task", "list", "--json").json
    assert {(row["certificate"], row["round"]) for row in listed} == {(code, None)}
    assert code in ocop("task", "list").out
    item = str(listed[0]["id"])
    assert "26/2026" in ocop("task", "show", item).out
    assert "26/2026/QĐ-TTg)." in ocop("deadlines", "--json").json[0]["arithmetic"]
    assert ocop("task", "extend", item, "--days", "3", "--reason", "Mưa lũ", "--as", "dieu-phoi").status == 0
    assert ocop("db", "check").status == 0


def test_producer_that_will_not_renew_says_why(ocop: Ocop, code: str) -> None:
    who = ("--as", "dieu-phoi", "--json")
    early = ocop("certificate", "renew", code, "--not-renewing", "Chuyển nghề", *who)
    ocop("certificate", "sweep")

    done = ocop("certificate", "renew", code, "--not-renewing", "Chuyển nghề", *who)

    assert [problem for _, problem in early.problems] == [f"Chưa đến lúc đánh giá lại giấy chứng nhận {code}."]
    assert (done.status, done.json["not_renewing"], done.json["valid_until"]) == (0, "Chuyển nghề", "2026-06-15")
    assert ocop("certificate", "renew", code, "--not-renewing", "x", "--round", "2024-1", *who).status == 2


def test_inspection_for_a_reason_becomes_work(ocop: Ocop, code: str) -> None:
    call = ("certificate", "inspect", code, "--by", "2026-06-01", "--reason", "Có phản ánh", "--as", "dieu-phoi")

    asked, yearly = ocop(*call, "--ad-hoc", "--json"), ocop(*call, "--json")

    assert (asked.status, asked.json["planned_on"]) == (0, "2026-06-01")
    assert yearly.problems == [("--ad-hoc", "Kiểm tra hằng năm do hệ thống tự lập.")]
    (row,) = ocop("task", "list", "--json").json
    assert (row["kind"], row["due_on"]) == ("certificate_inspection", "2026-06-01")


def test_finding_without_ground_is_closed_with_the_reason(ocop: Ocop, code: str) -> None:
    who = ("--as", "dieu-phoi", "--json")
    ocop("certificate", "revoke", code, "--ground", "2", "--finding", "Nhãn sai.", *who)

    kept = ocop("certificate", "revoke", code, "--no-ground", "Nhãn đã sửa", *who)
    both = ocop("certificate", "revoke", code, "--no-ground", "x", "--decision", "1/QĐ", *who)

    assert (kept.status, kept.json["kept"], both.status) == (0, "Nhãn đã sửa", 2)
    assert ocop("certificate", "list", "--json").json[0]["state"] == "late"


def test_finding_that_production_stopped_waits_for_the_commune(ocop: Ocop, code: str) -> None:
    run = ocop("certificate", "revoke", code, "--ground", "5", "--finding", "Đóng cửa.", "--as", "dieu-phoi", "--json")

    assert (run.json["due_on"], run.json["confirm_by"]) == (None, "2026-06-01")
    (row,) = ocop("task", "list", "--json").json
    assert row["kind"] == "production_confirmation"


def test_migration_lists_first_and_then_moves_once(ocop: Ocop, office: str) -> None:
    set_day(office, 2025, 7, 1)
    call = ("office", "migrate", "--on", "2025-07-01", "--json")

    planned, done, again = ocop(*call, "--dry-run").json, ocop(*call).json, ocop(*call).json

    assert (len(planned) > 0, done, again) == (True, planned, [])


def test_enter_gives_an_old_certificate_a_place_in_the_register(ocop: Ocop, office: str) -> None:
    facts = ("--stars", "3", "--decision", "2942/QĐ-UBND", "--as", "dieu-phoi", "--json")
    entered = ocop("certificate", "enter", CAKE, "--issued", "2022-07-15", *facts)
    again = ocop("certificate", "enter", CAKE, "--issued", "2022-07-15", *facts)
    other = ocop("certificate", "enter", CAKE, "--issued", "2022-07-16", *facts)

    assert (entered.status, entered.json["valid_until"]) == (0, "2025-07-15")
    assert again.json == entered.json
    assert (other.status, other.problems[0][0]) == (2, "decision_number")
    (row,) = ocop("certificate", "list", "--json").json
    assert (row["level"], row["regime"]) == ("province", "qd1048-2019")


def test_enter_refuses_a_paper_of_tomorrow(ocop: Ocop, office: str) -> None:
    facts = ("--stars", "3", "--decision", "1", "--issued", "2024-03-02")
    run = ocop("certificate", "enter", CAKE, *facts, "--as", "dieu-phoi", "--json")

    assert (run.status, run.problems[0][0]) == (2, "certificate")


POWDER = "Bột sắn dây Quảng Phú"
PAPER = ("--stars", "3", "--decision", "2942/QĐ-UBND", "--issued", "2021-08-05", "--as", "dieu-phoi", "--json")
MAKER = ("--commune", "xã Quảng Phú", "--producer", "HTX Quảng Phú", "--set", "5")


def test_enter_makes_a_product_that_no_plan_names(ocop: Ocop, office: str) -> None:
    entered = ocop("certificate", "enter", POWDER, *MAKER, "--form", "cooperative", *PAPER)
    again = ocop("certificate", "enter", POWDER, *MAKER, *PAPER)

    assert (entered.status, entered.json["product"], again.json) == (0, POWDER, entered.json)
    (row,) = ocop("certificate", "list", "--json").json
    assert (row["product"], row["producer"], row["commune"]) == (POWDER, "HTX Quảng Phú", "xã Quảng Phú")
    with transaction(office) as session:
        made = product_by_name(session, POWDER)
        assert (made.criteria_set, made.producer.form) == (5, OrganisationForm.COOPERATIVE)


def test_enter_names_the_options_for_a_product_that_no_plan_names(ocop: Ocop, office: str) -> None:
    unknown = ocop("certificate", "enter", POWDER, *PAPER)
    half = ocop("certificate", "enter", POWDER, "--commune", "xã Quảng Phú", *PAPER)

    for run in (unknown, half):
        assert (run.status, run.problems[0][0]) == (2, "product")
        assert '--commune "xã …" --producer "…" --set N' in run.json["errors"][0]["remedy"]
    nowhere = ("--commune", "xã Không Đâu", *MAKER[2:])
    assert ocop("certificate", "enter", POWDER, *nowhere, *PAPER).problems[0][0] == "commune"
    assert ocop("certificate", "enter", POWDER, *MAKER, "--form", "x", *PAPER).problems[0][0] == "--form"
    assert ocop("certificate", "list", "--json").json == []


def test_enter_does_not_give_a_paper_to_another_producers_product(ocop: Ocop, office: str) -> None:
    ocop("certificate", "enter", POWDER, *MAKER, *PAPER)

    other = ("--commune", "xã Quảng Phú", "--producer", "Hộ khác", "--set", "5")
    assert ocop("certificate", "enter", POWDER, *other, *PAPER).problems[0][0] == "producer"


def test_commune_that_has_ended_since_the_paper_is_its_successor(ocop: Ocop, office: str) -> None:
    set_day(office, 2026, 1, 5)
    old = ("--commune", "xã Thọ Diên", *MAKER[2:])

    assert ocop("certificate", "enter", POWDER, *old, *PAPER).status == 0
    with transaction(office) as session:
        assert product_by_name(session, POWDER).place.valid_to is None


def test_plan_import_says_which_old_certificates_are_not_entered(ocop: Ocop, office: str) -> None:
    call = ("plan", "import", PLAN, "--as", "dieu-phoi")
    first = ocop(*call).out
    ocop("certificate", "enter", POWDER, *MAKER, *PAPER)
    after = ocop(*call, "--json").json["not_in_register"]

    wanted = f'ocop certificate enter "{POWDER}" --stars 3 --decision "2942/QĐ-UBND" --issued 2021-08-05'
    assert f'{wanted} --commune "Quảng Phú" --producer "…" --set N' in first
    assert (len(after), any(POWDER in line for line in after)) == (3, False)
