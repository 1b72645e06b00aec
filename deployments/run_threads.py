"""A few threads that run coroutines, each with an event loop and a Prefect client of its own that stay open.

Not `ThreadPoolExecutor`: its threads hold up the end of the process for ever, while a stop has to be bounded;
and a loop and a client made anew for each run cost more than the run's own calls (docs/traps.md).
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from prefect.context import AsyncClientContext

from tasks.patient_transport import async_quick_retry

T = TypeVar("T")
_Job = tuple[Callable[[], Coroutine[Any, Any, T]], "Future[T]"]


class RunThreads(Generic[T]):
    """`count` daemon threads working off one queue, in order."""

    def __init__(self, count: int) -> None:
        self._jobs: queue.SimpleQueue[_Job[T] | None] = queue.SimpleQueue()
        # A thread starts with an empty context; Prefect keeps its settings in the context.
        self._threads = [
            threading.Thread(target=contextvars.copy_context().run, args=(self._work,), daemon=True)
            for _ in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], Coroutine[Any, Any, T]]) -> Future[T]:
        """Queue the job; the future can be cancelled until a thread has taken it."""
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Let the threads end after the jobs queued so far; does not wait."""
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        with asyncio.Runner() as runner:
            base: contextvars.Context | None = None
            while (item := self._jobs.get()) is not None:
                job, future = item
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    base = base or _with_client(runner)
                    future.set_result(runner.run(_alone(job), context=base.copy()))
                except BaseException as error:
                    # Whatever a flow raises (SystemExit too) is that run's end and not the worker's.
                    future.set_exception(error)


def _with_client(runner: asyncio.Runner) -> contextvars.Context:
    context = contextvars.copy_context()

    async def enter() -> None:
        await AsyncClientContext(httpx_settings={"transport": async_quick_retry()}).__aenter__()

    runner.run(enter(), context=context)
    return context


async def _alone(job: Callable[[], Coroutine[Any, Any, T]]) -> T:
    try:
        return await job()
    finally:
        strays = asyncio.all_tasks() - {asyncio.current_task()}
        for stray in strays:
            stray.cancel()
        await asyncio.gather(*strays, return_exceptions=True)
