"""The compose file names what is there: files beside it, modules, commands and settings of ours."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments.cli import COMMANDS
from models.settings import Settings

HERE = Path(__file__).parents[3] / "deployments"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_commands_of_the_services_exist(compose: dict[str, Any]) -> None:
    commands = {name: service["command"] for name, service in compose["services"].items() if "command" in service}

    modules = [command[2] for command in commands.values() if command[:2] == ["python", "-m"]]
    ours = [command[1] for command in commands.values() if command[0] == "ocop"]
    assert sorted(modules) == ["deployments.portal_main", "deployments.worker_main"]
    assert all(find_spec(module) for module in modules)
    assert set(ours) <= {name for name, *_ in COMMANDS}


def test_settings_of_the_services_are_known(compose: dict[str, Any]) -> None:
    known = {f"OCOP_{name.upper()}" for name in Settings.model_fields}

    given = {
        name
        for service in compose["services"].values()
        for name in service.get("environment", {})
        if name.startswith("OCOP_")
    }
    assert given - {"OCOP_HOST"} <= known


def test_only_the_proxy_is_reachable_from_outside(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}

    assert ports == {"prefect": ["127.0.0.1:4200:4200"], "proxy": ["80:80", "443:443"]}


def test_files_that_are_mounted_or_copied_are_there(compose: dict[str, Any]) -> None:
    mounted = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    copied = [
        source
        for line in (HERE / "Containerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY")
        for source in line.split()[1:-1]
    ]

    assert [name for name in mounted if not (HERE / name).exists()] == []
    assert [name for name in copied if not (HERE.parent / name).exists()] == []
