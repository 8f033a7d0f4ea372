"""One broker at a time uses a data folder, and others find it there."""

import os
import socket
import time
from pathlib import Path

import pytest

from contracts.errors import Fatal, Rejected
from desk.broker import find_running, folder
from desk.broker.folder import Folder, open_log, take, wait_until_released
from desk.broker.ports import free_ports


def test_a_locked_folder_is_told_with_who_locked_it(tmp_path: Path) -> None:
    lock = take(Folder(tmp_path))
    with pytest.raises(Rejected, match=rf"another broker uses the data folder .* \(started by process {os.getpid()}\)"):
        take(Folder(tmp_path))
    os.close(lock)


def test_a_released_folder_can_be_taken_again(tmp_path: Path) -> None:
    os.close(take(Folder(tmp_path / "new" / "folder")))
    os.close(take(Folder(tmp_path / "new" / "folder")))


def test_a_broker_that_outlives_its_dead_starter_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = take(Folder(tmp_path))
    no_process = 2**22 + 1  # above the largest process id of Linux and macOS
    os.pwrite(lock, f"{no_process}\n".encode("ascii"), 0)
    monkeypatch.setattr(time, "sleep", lambda _seconds: os.close(lock))
    os.close(take(Folder(tmp_path)))


def test_a_broker_that_never_leaves_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "HANDOVER_SECONDS", 0.0)
    lock = take(Folder(tmp_path))
    os.truncate(lock, 0)
    with pytest.raises(Rejected, match="another broker uses"):
        take(Folder(tmp_path))
    os.close(lock)


def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Rejected, match=r"the data folder .*file cannot be used: File exists"):
        take(Folder(tmp_path / "file"))


def test_nothing_is_found_where_no_broker_runs(tmp_path: Path) -> None:
    assert find_running(tmp_path) is None
    (tmp_path / "file").touch()
    assert find_running(tmp_path / "file" / "broker") is None


def test_an_address_that_a_killed_broker_left_behind_is_not_found(tmp_path: Path) -> None:
    Folder(tmp_path).address.write_text(f"127.0.0.1:{free_ports(1)[0]}\n")
    assert find_running(tmp_path) is None


def test_somebody_else_on_the_port_of_old_is_no_broker(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        Folder(tmp_path).address.write_text(f"127.0.0.1:{stranger.getsockname()[1]}\n")
        assert find_running(tmp_path) is None


def test_a_large_log_is_put_aside_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "LARGEST_LOG_BYTES", 3)
    log = Folder(tmp_path).log
    for text in (b"1234", b"abc"):
        descriptor = open_log(Folder(tmp_path))
        os.write(descriptor, text)
        os.close(descriptor)
    assert log.read_bytes() == b"abc"
    assert (tmp_path / "broker.log.1").read_bytes() == b"1234"
    os.close(open_log(Folder(tmp_path)))
    assert log.read_bytes() == b"abc"


def test_a_broker_that_does_not_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "HANDOVER_SECONDS", 0.0)
    lock = take(Folder(tmp_path))
    with pytest.raises(Fatal, match="does not end"):
        wait_until_released(Folder(tmp_path))
    os.close(lock)
    wait_until_released(Folder(tmp_path))
