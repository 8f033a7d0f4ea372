"""A system that does not come up says why, and none leaves a process behind."""

import signal
import sys
from pathlib import Path

import pytest

from tests.systems.processes import Server, SetUpFailed, answers, free_port, group_lives, run, wait_until

STUBBORN = (
    "import os, signal, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "os.fork();"
    "open({ready!r}, 'w').close();"
    "time.sleep(600)"
)


def test_a_server_that_ends_at_once_fails_with_its_last_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no licence for this machine')"]
    server = Server("Ledger", command, tmp_path / "log", lambda: False, {})
    with pytest.raises(SetUpFailed, match="Ledger ended with 1; its last lines:\nno licence for this machine"):
        server.start()


def test_a_failed_set_up_command_is_told_with_its_last_lines(tmp_path: Path) -> None:
    with pytest.raises(SetUpFailed, match="ended with 3:\ndisk is full"):
        run([sys.executable, "-c", "print('disk is full'); raise SystemExit(3)"], tmp_path / "log")


def test_stopping_ends_children_and_those_that_will_not_listen(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = [sys.executable, "-c", STUBBORN.format(ready=str(ready))]
    server = Server("Ledger", command, tmp_path / "log", ready.exists, {}, patience=0.2)
    server.start()
    assert server.process is not None
    group = server.process.pid
    assert group_lives(group)
    server.stop()
    assert not group_lives(group)


def test_a_server_runs_as_long_as_a_block_and_ends_with_it_where_that_fails(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = [sys.executable, "-c", f"open({str(ready)!r}, 'w').close(); import time; time.sleep(600)"]
    server = Server("Ledger", command, tmp_path / "log", ready.exists, {})
    groups = []

    def fail_in_a_block() -> None:
        with server.running():
            assert server.process is not None
            groups.append(server.process.pid)
            assert group_lives(groups[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_a_block()
    assert not group_lives(groups[0])


def test_nobody_answers_on_a_free_port() -> None:
    assert not answers(f"http://127.0.0.1:{free_port()}/", 200)


def test_a_server_is_told_to_end_when_its_parent_is_killed(tmp_path: Path) -> None:
    """As when a test run is killed: the parent here is a process of our own that starts a server and is killed."""
    ready = tmp_path / "ready"
    parent = (
        "from pathlib import Path; from tests.systems.processes import Server; import os, sys;"
        f"ready = Path({str(ready)!r});"
        "child = [sys.executable, '-c', f'open({str(ready)!r}, \"w\").close(); import time; time.sleep(600)'];"
        f"server = Server('Ledger', child, Path({str(tmp_path / 'log')!r}), ready.exists, {{}});"
        "server.start();"
        f"Path({str(tmp_path / 'group')!r}).write_text(str(server.process.pid));"
        "os.kill(os.getpid(), 9)"
    )
    with pytest.raises(SetUpFailed, match=f"ended with -{signal.SIGKILL.value}"):
        run([sys.executable, "-c", parent], tmp_path / "parent.log", {"PYTHONPATH": str(Path.cwd())})
    group = int((tmp_path / "group").read_text(encoding="utf-8"))
    wait_until(lambda: not group_lives(group), within=10, what="the server's end")
