"""A role's end says what happens next: a mistake is told and stays, a crash is tried again."""

import asyncio
import errno
import os
import signal
from unittest.mock import Mock

import pytest
import uvloop

from contracts.errors import Fatal, Rejected, Retryable
from contracts.settings import Settings
from desk.roles import CRASHED, run_role
from streams.engine.app import EngineApp, EngineOwner


@pytest.fixture(autouse=True)
def _logs_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.roles.configure_logs", lambda _form: None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_a_role_to_finish(number: signal.Signals) -> None:
    finished = []

    async def role(_settings: Settings, stop: asyncio.Event) -> None:
        os.kill(os.getpid(), number)
        await stop.wait()
        finished.append(number)

    run_role(role, Settings())
    assert finished == [number]


@pytest.mark.parametrize("error", [Fatal("the disk is full"), Retryable("the broker is away")])
@pytest.mark.parametrize("grouped", [False, True])
def test_a_crash_ends_the_process_with_code_1(error: Exception, *, grouped: bool) -> None:
    async def role(_settings: Settings, _stop: asyncio.Event) -> None:
        raise ExceptionGroup("tasks", [ValueError("after it"), error]) if grouped else error

    with pytest.raises(SystemExit) as ended:
        run_role(role, Settings())
    assert ended.value.code == CRASHED


@pytest.mark.slow
def test_a_full_disk_is_a_crash_that_another_start_may_mend() -> None:
    async def role(_settings: Settings, _stop: asyncio.Event) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(SystemExit) as ended:
        run_role(role, Settings())
    assert ended.value.code == CRASHED


def test_a_mistake_is_left_to_the_command_line_also_when_a_task_of_several_found_it() -> None:
    async def role(_settings: Settings, _stop: asyncio.Event) -> None:
        async def listen() -> None:
            raise Rejected("the port is taken", code="cannot_listen")

        async with asyncio.TaskGroup() as group:
            group.create_task(listen())

    with pytest.raises(Rejected, match="the port is taken"):
        run_role(role, Settings())


def test_a_mistake_of_ours_is_not_dressed_up() -> None:
    async def role(_settings: Settings, _stop: asyncio.Event) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_role(role, Settings())


def test_a_worker_waits_by_uvloop_in_each_of_its_threads() -> None:
    """Faust makes its own loops where it is not given one."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def role(settings: Settings, _stop: asyncio.Event) -> None:
        fetching = EngineApp(settings.kafka, [], Mock(spec=EngineOwner)).chunks._new_consumer_thread()
        loops.extend([asyncio.get_running_loop(), fetching.thread_loop])

    run_role(role, Settings())
    assert [type(loop) for loop in loops] == [uvloop.Loop, uvloop.Loop]
