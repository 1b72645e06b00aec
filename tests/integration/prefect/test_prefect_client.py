"""What we ask of Prefect's API, against a real server and against none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.context import refresh_global_settings_context

from deployments.prefect_env import use_server
from deployments.prefect_server import free_port
from models.errors import FinalError, RetryableError
from tasks.prefect_client import PARENT_LABEL, create_run, ensure_deployment, read_run, wake
from tests.integration.prefect.conftest import Site
from tests.integration.prefect.flows_for_tests import breaks, no_form

pytestmark = pytest.mark.slow


@pytest.fixture
def no_server(site: Site) -> Iterator[str]:
    """The address of a server that is down."""
    url = f"http://127.0.0.1:{free_port()}/api"
    use_server(url, site.home)
    yield url
    use_server(site.server.api_url, site.home)


def test_ensure_deployment_twice_is_one_deployment(own_pool: str, client: SyncPrefectClient) -> None:
    first = ensure_deployment(breaks, "hai-lan", own_pool, tags=["ocop"])
    second = ensure_deployment(breaks, "hai-lan", own_pool, tags=["ocop"])

    found = client.read_deployment(first)
    assert first == second
    assert found.entrypoint == "tests.integration.prefect.flows_for_tests.breaks"
    assert (found.work_pool_name, found.tags) == (own_pool, ["ocop"])


def test_pool_of_another_type_is_refused(own_pool: str) -> None:
    ensure_deployment(breaks, "thu", own_pool, kind="process")

    with pytest.raises(FinalError):
        ensure_deployment(breaks, "thu", own_pool)


def test_create_run_twice_with_one_key_is_one_run(own_pool: str) -> None:
    deployment = ensure_deployment(breaks, "thu", own_pool)

    first = create_run(deployment, {"kind": ""}, name="một", idempotency_key="ho-so-1")
    again = create_run(deployment, {"kind": ""}, name="hai", idempotency_key="ho-so-1")
    other = create_run("breaks/thu", {"kind": ""}, name="ba", idempotency_key="ho-so-2")

    assert first == again != other
    assert [run.name for run in (read_run(first), read_run(other)) if run] == ["một", "ba"]


def test_create_run_keeps_tags_and_parent(own_pool: str, client: SyncPrefectClient) -> None:
    deployment = ensure_deployment(breaks, "thu", own_pool)
    parent = uuid4()

    run = client.read_flow_run(create_run(deployment, {"kind": ""}, name="con", tags=["xã:Thọ Diên"], parent=parent))

    assert run.tags == ["xã:Thọ Diên"]
    assert run.labels[PARENT_LABEL] == str(parent)


def test_create_run_with_wrong_parameters_is_refused(own_pool: str) -> None:
    deployment = ensure_deployment(no_form, "thu", own_pool)

    with pytest.raises(FinalError):
        create_run(deployment, {"facts": ["không phải chữ"]}, name="sai")


def test_create_run_of_an_unknown_deployment_is_refused(site: Site) -> None:
    with pytest.raises(FinalError):
        create_run(uuid4(), {}, name="sai")
    with pytest.raises(FinalError):
        create_run("khong/co", {}, name="sai")


def test_unknown_run_is_none(site: Site) -> None:
    assert read_run(uuid4()) is None


def test_server_that_is_down_is_retryable_and_says_where(no_server: str) -> None:
    with pytest.raises(RetryableError) as woken:
        wake(uuid4())
    with pytest.raises(RetryableError):
        create_run(uuid4(), {}, name="x")

    assert woken.value.problems[0].problem.startswith(f"Prefect không trả lời ở {no_server}")


def test_without_address_nothing_is_asked(site: Site) -> None:
    del os.environ["PREFECT_API_URL"]
    refresh_global_settings_context()
    try:
        with pytest.raises(FinalError) as error:
            wake(uuid4())
    finally:
        use_server(site.server.api_url, site.home)

    assert error.value.problems[0].field == "PREFECT_API_URL"
