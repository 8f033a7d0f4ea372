"""A whole Quayside beside the real systems: a broker, and each role as a process that can be killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import yaml

from contracts.clock import WallClock
from desk.broker import running_broker
from tests.systems.processes import SETPRIV, SetUpFailed, answers, free_port, tail, wait_until

SPEED = 2400.0
"""Forty minutes a second."""
SHANGHAI = ZoneInfo("Asia/Shanghai")
SALT = "salt-for-tests"
ROLES = ("ingress", "poll", "worker", "dispatch")
PATIENCE_SECONDS = 240
"""Within which anything happens, on a machine that has much else to do as well."""


@dataclass
class Role:
    """One role as a process of its own; what it says goes to a log."""

    name: str
    config: Path
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    is_to_run: bool = field(default=False, init=False)

    def start(self, failpoint: str = "") -> None:
        """Start it, to be killed by itself where it passes `failpoint`."""
        armed = {"QUAYSIDE_FAILPOINT": failpoint} if failpoint else {}
        self.is_to_run = not failpoint
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [SETPRIV, "--pdeathsig", "KILL", sys.executable, "-m", "desk", self.name, "--config", str(self.config)],
                env={**os.environ, **self.environment, **armed},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def is_running(self) -> bool:
        """Whether it lives."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """End it at once, as if its power were cut."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait for that."""
        self._end(signal.SIGTERM)

    def wait_until_killed(self) -> None:
        """Wait until its failpoint has ended it."""
        process = self.process
        assert process is not None
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL, self.last_lines()

    def last_lines(self) -> str:
        """What it said last."""
        return f"{self.name} said last:\n{tail(self.log.read_text(encoding='utf-8', errors='replace'))}"

    def _end(self, how: signal.Signals) -> None:
        self.is_to_run = False
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)


@dataclass
class Deployment:
    """All roles. `clock` is the one that they share."""

    clock: WallClock
    roles: Mapping[str, Role]
    ingress: str

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Return as soon as `condition` holds.

        Raises:
            SetUpFailed: it did not hold in time, or a role ended by itself; with what the roles said last.
        """

        def is_over() -> bool:
            return bool(self.ended()) or condition()

        try:
            wait_until(is_over, within=PATIENCE_SECONDS, what=what)
        except SetUpFailed as failure:
            said = "\n".join(role.last_lines() for role in self.roles.values())
            raise SetUpFailed(f"{failure}\n{said}") from failure
        if ended := self.ended():
            raise SetUpFailed("\n".join(f"{what}: {role.name} ended by itself; {role.last_lines()}" for role in ended))

    def ended(self) -> list[Role]:
        """The roles that are to run and do not."""
        return [role for role in self.roles.values() if role.is_to_run and not role.is_running()]

    def push(self, parcel: str, *scans: tuple[datetime, str, str]) -> None:
        """Push a parcel's scans (instant, Kuaidi100 status code, words), oldest first, signed, as Kuaidi100 does."""
        shanghai = [(at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"), code, text) for at, code, text in scans]
        data = [
            {"time": at, "ftime": at, "context": text, "status": text, "statusCode": code}
            for at, code, text in reversed(shanghai)
        ]
        result = {"message": "ok", "state": data[0]["statusCode"], "status": "200", "com": "zhongtong", "nu": parcel}
        last = {**result, "ischeck": "0", "data": data}
        param = json.dumps({"status": "polling", "message": "", "autoCheck": "0", "lastResult": last})
        sign = md5((param + SALT).encode(), usedforsecurity=False).hexdigest().upper()
        answer = httpx.post(f"{self.ingress}/in/kuaidi100/express", data={"param": param, "sign": sign}, timeout=30)
        assert answer.json() == {"result": True, "returnCode": "200", "message": "成功"}, answer.text


@contextmanager
def deployed(folder: Path, accounts: Mapping[str, Any], environment: Mapping[str, str]) -> Iterator[Deployment]:
    """Run a broker and all roles on a fast clock, with these accounts and policy."""
    started = datetime.now(UTC)
    clock = WallClock(started, started.timestamp(), SPEED)
    port = free_port()
    with running_broker(folder / "broker") as broker:
        settings = {
            "state": str(folder),
            "kafka": {"bootstrap": broker.bootstrap, "partitions": 2, "session_timeout_seconds": 6},
            "clock": {
                "epoch": started.isoformat(),
                "started": started.isoformat(),
                "speed": SPEED,
                "tick_seconds": 600,
            },
            "listen": {"ingress": {"port": port}, **{name: {"port": 0} for name in ROLES[1:]}},
            "sources": [{"name": "express", "connector": "kuaidi100", "secrets": [{"env": "EXPRESS_SALT"}]}],
            **accounts,
        }
        config = folder / "quayside.yaml"
        config.write_text(yaml.safe_dump(settings), encoding="utf-8")
        secrets = {"EXPRESS_SALT": SALT, **environment}
        made = [sys.executable, "-m", "desk", "topics", "create", "--config", str(config)]
        subprocess.run(made, check=True, env={**os.environ, **secrets}, stdout=subprocess.DEVNULL)
        roles = {name: Role(name, config, secrets, folder / f"{name}.log") for name in ROLES}
        try:
            for role in roles.values():
                role.start()
            url = f"http://127.0.0.1:{port}"
            deployment = Deployment(clock, roles, url)
            deployment.wait_until(lambda: answers(f"{url}/readyz", 200), "ingress's readiness")
            yield deployment
        finally:
            for role in roles.values():
                role.stop()
