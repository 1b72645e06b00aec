"""The OpenAPI document: everything has a Vietnamese name, says who may call and what refuses."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from portal.api.wording import operations, plain_name, without_title
from portal.app import create_app


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app().openapi()


def test_everything_in_the_document_has_a_title_of_ours(document: dict[str, Any]) -> None:
    assert without_title(document) == []
    assert [one["operationId"] for one in operations(document) if not one.get("summary")] == []


def test_no_two_operations_have_one_name(document: dict[str, Any]) -> None:
    names = [one["operationId"] for one in operations(document)]

    assert sorted(names) == sorted(set(names))


def test_missing_title_is_noticed() -> None:
    schema = {"title": "Một việc", "properties": {"days_left": {"title": "Days Left"}, "due_on": {"title": "Hạn"}}}
    operation = {"operationId": "read_item", "parameters": [{"name": "item_id", "schema": {"title": "Item Id"}}]}

    found = without_title({"paths": {"/x": {"get": operation}}, "components": {"schemas": {"Row": schema, "Up": {}}}})

    assert found == ["read_item(item_id)", "Row.days_left", "Up"]


def test_every_operation_says_what_refuses_it_and_that_it_needs_a_token(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            wanted = {"401", "403", "404", "422", "503"} | ({"409", "412", "413", "415"} if method == "post" else set())
            if not operation["security"]:
                assert "/public/" in path, path
                wanted -= {"401", "403"}
            told = {code for code, answer in operation["responses"].items() if _is_problem(answer)}
            assert wanted <= told, path


def test_every_act_wants_a_key_against_sending_twice(document: dict[str, Any]) -> None:
    calls = [methods["post"] for methods in document["paths"].values() if "post" in methods]
    acts = [call for call in calls if "ActAnswer" in str(call["responses"])]

    assert len(acts) > 20
    for act in acts:
        assert [one["required"] for one in act["parameters"] if one["name"] == "Idempotency-Key"] == [True]


def test_values_of_a_choice_are_told_in_words(document: dict[str, Any]) -> None:
    topics = document["components"]["schemas"]["CommuneTopic"]

    assert topics["title"] == "Nội dung đánh giá cấp xã"
    assert len(topics["description"].split("; ")) == len(topics["enum"])


def test_names_that_libraries_make_longer_are_cut_back() -> None:
    assert plain_name("models__reports__year__StarsLine") == "StarsLine"
    assert plain_name("Page_BoardRow_") == "Page[BoardRow]"
    assert plain_name("ItemRow") == "ItemRow"


def test_page_of_the_api_lists_every_call(client: TestClient) -> None:
    answer = client.get("/api/v1/docs")

    assert answer.status_code == 200
    assert answer.text.count("<details id=") == len(list(operations(create_app().openapi())))
    assert "Gia hạn" in answer.text
    assert '<script src="http' not in answer.text


def _is_problem(answer: dict[str, Any]) -> bool:
    return "application/problem+json" in answer.get("content", {})
