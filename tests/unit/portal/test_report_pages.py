"""Reports on their pages: for those who steer, with every picture it names."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from models.enums import TokenScope
from tests.factories import CAKE, at, in_consulting
from tests.portal_client import sign_in, token_for
from tests.unit.portal.scenes import stage

TODAY = at("2024-08-30")


def test_every_picture_of_the_reports_is_there(client: TestClient, url: str) -> None:
    stage(url, TODAY, in_consulting, CAKE)
    browser = sign_in(client, url, "dieu-phoi", TODAY)

    pictures = re.findall(r'<img src="([^"]+)"', browser.get("/reports").text)

    found = {path: browser.get(path.replace("&amp;", "&")).status_code for path in pictures}
    assert len(found) >= 4
    assert set(found.values()) == {200}


def test_reports_are_not_for_communes_and_producers(client: TestClient, url: str) -> None:
    scene = stage(url, TODAY, in_consulting, CAKE)

    for code in ("cb-xa-tho-dien", scene.producer):
        browser = sign_in(client, url, code, TODAY)
        paths = ("/reports", "/reports/2024", "/reports/charts/late.svg")
        assert [browser.get(path).status_code for path in paths] == [403, 403, 403]


def test_year_without_figures_is_not_found(client: TestClient, url: str) -> None:
    browser = sign_in(client, url, "dieu-phoi", TODAY)

    assert [browser.get(path).status_code for path in ("/reports?year=2031", "/reports/2031")] == [404, 404]


def test_figures_through_the_api(client: TestClient, url: str) -> None:
    stage(url, TODAY, in_consulting, CAKE)
    header = token_for(url, "dieu-phoi", TODAY, TokenScope.READ)

    found = client.get("/api/v1/reports?year=2024", headers=header).json()

    assert sum(step["late"] for step in found["progress"]["Đợt 2 năm 2024"]["steps"]) == 1
    assert client.get("/api/v1/reports/2024", headers=header).json()[0]["year"] == 2024
