"""`quayside receive` as a process: it says where it is, stops when told, and keeps what it answered for."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]


@contextmanager
def receiving(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-c", "from desk.cli import main; main()", "receive", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **environment}
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"http://\S+?(?=,)", line)
        try:
            assert found, line
            yield process, found[0]
        finally:
            process.kill()


@pytest.mark.slow
def test_what_was_answered_survives_a_kill_and_sigterm_ends_it_quietly(tmp_path: Path) -> None:
    data = tmp_path / "desk.jsonl"
    body = {"key": "k1", "fields": {"title": "延误"}}
    with receiving("--data", str(data)) as (process, url):
        assert httpx.post(f"{url}/records", json=body, headers={"webhook-id": "k1-1"}).status_code == 201
        process.kill()
        process.wait(timeout=10)
    with receiving("--data", str(data)) as (process, url):
        again = httpx.post(f"{url}/records", json=body, headers={"webhook-id": "k1-1"})
        assert (again.status_code, again.json()["received"]) == (200, 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) in {0, -signal.SIGTERM}
        assert process.stderr
        assert process.stderr.read() == ""


@pytest.mark.slow
@pytest.mark.parametrize("case", ["no secret", "bad secret", "taken port"])
def test_a_mistake_is_one_sentence(case: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        arguments, told = {
            "no secret": (["--secret-env", "NO_SUCH_SECRET"], "NO_SUCH_SECRET is not set"),
            "bad secret": (["--secret-env", "BAD_SECRET"], "`whsec_` and the base64"),
            "taken port": (["--port", str(taken.getsockname()[1])], "Address already in use"),
        }[case]
        command = [sys.executable, "-c", "from desk.cli import main; main()", "receive", "--port", "0", *arguments]
        environment = {**os.environ, "BAD_SECRET": "whsec_", "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=30, check=False
        )
    assert ended.returncode == 2
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1
