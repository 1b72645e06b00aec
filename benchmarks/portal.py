"""How quick the portal is with a province's data: `python -m benchmarks.portal [--dossiers 10000] [--json]`.

A real portal (uvicorn, two processes) over a SQLite file of `benchmarks.portal_data`, and `wrk` as load generator: 20
people, each with a cookie of their own. Twice: with a pause of a second between one click and the next, as people make,
and without any pause, when both cores are full and every figure is mostly waiting. The aims are p95 of 150 ms for
pages and 80 ms for completing a work item.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlalchemy import select

from benchmarks.portal_data import NOW, TODAY, fill
from deployments.prefect_server import free_port
from models.accounts import managing
from models.accounts.signing_in import account_of, set_password
from models.actors import SYSTEM
from models.database import engine_for, reading, transaction
from models.enums import ItemStatus, Role, RoundStatus
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.tables import Capacity, Dossier, Person, Round, WorkItem

PEOPLE = 20
THREADS = 2
PASSWORD = "mật khẩu để đo tải"
PAUSE_MS = 1000
SLOWEST = 30
"""Seconds that the load generator waits for an answer; its own two would leave the slowest out of the figures."""

AIMS = {"my work": 150, "board": 150, "dossier": 150, "complete a work item": 80}
"""Milliseconds within which 95 of 100 requests are to be answered."""

CSRF = re.compile(r'name="_csrf" value="([0-9a-f]+)"')
SCRIPT = Path(__file__).with_name("portal.lua")
ROLES = (Role.COORDINATOR, Role.COMMUNE_OFFICER)
"""Who clicks: those who work with boards and dossiers all day."""


@dataclass(frozen=True)
class Clicker:
    """One person who is signed in: the cookie, and the token of their forms."""

    cookie: str
    csrf: str
    role: Role


@dataclass(frozen=True)
class Request:
    """One request as the load generator sends it."""

    path: str
    cookie: str
    body: str = ""

    def line(self) -> str:
        """As the file of the load generator has it."""
        return "\t".join(("POST" if self.body else "GET", self.path, self.cookie, self.body))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--data", type=Path, help="a file that benchmarks.portal_data made before")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed (Debian: apt-get install wrk)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), asked.dossiers, asked.seconds, asked.data)
    if asked.json:
        print(json.dumps(found))
        return 0
    for name, figures in found.items():
        print(f"{name:<52} {verdict(name, figures)}  {figures}")
    return 0


def verdict(name: str, figures: Mapping[str, Any]) -> str:
    """Whether the aim is met; requests that were refused, broken off or too slow meet none."""
    aim, got = AIMS[name.partition(",")[0]], figures["p95_ms"]
    failed = sum(figures[kind] for kind in ("refused", "broken", "too_slow"))
    met = got <= aim and not failed
    words = f", {failed} requests failed" if failed else ""
    return f"{'met    ' if met else 'NOT MET'} p95 {got:.0f} ms (aim {aim} ms){words}"


def measure(home: Path, dossiers: int, seconds: int, data: Path | None) -> dict[str, Any]:
    """All figures by name."""
    file = home / "ocop.sqlite"
    url = f"sqlite:///{file}"
    if data is not None:
        shutil.copyfile(data, file)
    else:
        fill(url, dossiers)
    people = _give_accounts(url)
    with _portal(home) as address:
        clickers = [_sign_in(address, code, role) for code, role in people]
        found: dict[str, Any] = {}
        for pause in (PAUSE_MS, 0):
            for name, requests in _pages(url, clickers).items():
                found[f"{name}, {_pause(pause)}"] = _load(address, home, requests, seconds, pause)
        done: set[int] = set()
        for pause in (PAUSE_MS, 0):
            requests = _completions(url, clickers, done)
            found[f"complete a work item, {_pause(pause)}"] = _load(address, home, requests, seconds, pause)
    return found


def _pause(pause: int) -> str:
    return f"{PEOPLE} people, " + (f"{pause / 1000:g} s between clicks" if pause else "no pause")


def _give_accounts(url: str) -> list[tuple[str, Role]]:
    """Twenty people who can sign in with a password alone, with the role in which they click."""
    with transaction(url) as session:
        set_stored_now(session, NOW)
        query = select(Capacity).join(Person).where(Capacity.role.in_(ROLES), Person.active).order_by(Capacity.id)
        by_code = {c.person.code: c.role for c in session.scalars(query) if c.holds_on(TODAY)}
        chosen = sorted(by_code.items(), key=lambda pair: pair[1] is not Role.COORDINATOR)[:PEOPLE]
        for code, _ in chosen:
            person = session.scalars(select(Person).where(Person.code == code)).one()
            managing.add_account(session, person, SYSTEM, NOW)
            set_password(session, account_of(session, person), PASSWORD, NOW)
    engine_for(url).dispose()
    return chosen


@contextmanager
def _portal(home: Path) -> Iterator[str]:
    port = free_port()
    env = os.environ | {"OCOP_HOME": str(home), "OCOP_PORTAL_PORT": str(port), "OCOP_PORTAL_WORKERS": "2"}
    env.pop("OCOP_DATABASE_URL", None)
    process = subprocess.Popen([sys.executable, "-m", "deployments.portal_main"], env=env, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{address}/sign-in").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the portal does not start")


def _sign_in(address: str, code: str, role: Role) -> Clicker:
    with httpx.Client(base_url=address, follow_redirects=True) as browser:
        token = CSRF.findall(browser.get("/sign-in").text)[0]
        answer = browser.post("/sign-in", data={"_csrf": token, "login": code, "password": PASSWORD})
        answer.raise_for_status()
        cookie = "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)
        return Clicker(cookie, CSRF.findall(answer.text)[0], role)


def _pages(url: str, clickers: Sequence[Clicker]) -> dict[str, list[Request]]:
    """The requests for each kind of page; boards and dossiers for those who may see all of the office."""
    office = [clicker for clicker in clickers if clicker.role is Role.COORDINATOR]
    with reading(url) as session:
        rounds = session.scalars(select(Round.code).where(Round.status != RoundStatus.PLANNED)).all()
        codes = session.scalars(select(Dossier.code).order_by(Dossier.id.desc()).limit(400)).all()
    return {
        "my work": [Request("/", clicker.cookie) for clicker in clickers],
        "board": [Request(f"/rounds/{code}", who.cookie) for code in dict.fromkeys(rounds) for who in office],
        "dossier": [Request(f"/dossiers/{code}", office[n % len(office)].cookie) for n, code in enumerate(codes)],
    }


def _completions(url: str, clickers: Sequence[Clicker], done: set[int]) -> list[Request]:
    """Acceptances of dossiers that wait for the office's check, each sent once."""
    office = [clicker for clicker in clickers if clicker.role is Role.COORDINATOR]
    query = select(WorkItem.id).where(
        WorkItem.kind == StepKind.REGISTRATION_CHECK, WorkItem.status == ItemStatus.OPEN, WorkItem.id.not_in(done)
    )
    with reading(url) as session:
        items = session.scalars(query.order_by(WorkItem.id)).all()
    requests = []
    for n, item in enumerate(items):
        who = office[n % len(office)]
        body = urlencode({"_csrf": who.csrf, "_key": f"bench-{item}", "outcome": "accepted"})
        requests.append(Request(f"/items/{item}/outcome/{StepKind.REGISTRATION_CHECK}", who.cookie, body))
    return requests


def _load(address: str, home: Path, requests: Sequence[Request], seconds: int, pause: int) -> dict[str, Any]:
    file = home / "requests.txt"
    file.write_text("\n".join(request.line() for request in requests) + "\n", encoding="utf-8")
    command = [
        "wrk",
        f"-t{THREADS}",
        f"-c{PEOPLE}",
        f"-d{seconds}s",
        f"--timeout={SLOWEST}s",
        "-s",
        str(SCRIPT),
        address,
        "--",
    ]
    command += [str(file), str(pause), str(THREADS)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(answer.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
