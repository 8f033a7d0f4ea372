"""The demo's own deployment: a folder with configuration, secrets and the ERP's file, and how its clock runs."""

import base64
import fcntl
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from contracts.clock import WallClock
from contracts.errors import Rejected
from contracts.fields import OrderField
from contracts.settings import Settings
from desk.broker.folder import Folder, wait_until_released
from desk.broker.ports import free_ports
from desk.demo.erp import erp_file
from desk.demo.pushes import By, push_afterwards
from desk.demo.story import DAY, Story

SPEED = 2400
"""Forty minutes each second: the day takes half a minute."""
TICK_SECONDS = 600
POLL_SECONDS = 900
SESSION_SECONDS = 6
"""How long the broker waits for a worker that was killed; Kafka allows no less."""

LOG = "demo.log"
Language = Literal["en", "zh-CN"]
ROLES = ("ingress", "poll", "worker", "dispatch")
SOURCE, EXPORT, PARTNER = "carriers", "export", "plant-2"
ACCOUNT: dict[By, str] = {"kuaidi100": SOURCE, "easypost": EXPORT, "cloudevents": PARTNER}
"""Whose pushes arrive at which account."""
POLLER, TARGET, SUBSCRIBER, TRACKER = "erp", "desk", "portal", "registrations"
SERVERS = ("desk", "portal", "kuaidi100")
SHOWN = ("order", "customer", "status", "status_text", "promised_day", "delivered_at", "findings")
"""What stands in an order's status at the portal (docs/reference/fields.md)."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where everything stands. ports: by role, and those of `SERVERS`. secrets: by account. language: of the tasks."""

    folder: Path
    story: Story
    ports: dict[str, int]
    secrets: dict[str, str]
    language: Language = "en"

    @classmethod
    def lay_out(cls, folder: Path, story: Story, language: Language = "en") -> "Deployment":
        """Begin in an empty folder, which is this process's until it ends: what an earlier demo left is thrown away.

        Raises Rejected where a demo is running in it, where it holds something else, or where it cannot be written.
        """
        deployment = cls(
            folder.resolve(),
            story,
            dict(zip((*ROLES, *SERVERS), free_ports(len(ROLES) + len(SERVERS)), strict=True)),
            {account: secrets.token_urlsafe(16) for account in (SOURCE, EXPORT, PARTNER, TRACKER)}
            | {account: _standard_webhooks_secret() for account in (TARGET, SUBSCRIBER)},
            language,
        )
        try:
            _take(folder)
            deployment._furnish()
        except OSError as error:
            reason = f"the folder {folder} cannot be used: {error.strerror}; name another one by --state"
            raise Rejected(reason, code="demo_folder") from error
        return deployment

    def _furnish(self) -> None:
        self.log.touch()
        self.erp.write_bytes(erp_file(self.story))
        self.afterwards.write_bytes(push_afterwards(self.story).signed(self.secrets[SOURCE]).body)
        for account, secret in self.secrets.items():
            file = self.secret(account)
            file.touch(mode=0o600)
            file.write_text(secret, encoding="ascii")

    @property
    def config(self) -> Path:
        """The configuration of all roles."""
        return self.folder / "quayside.yaml"

    @property
    def log(self) -> Path:
        """What the roles say."""
        return self.folder / LOG

    @property
    def erp(self) -> Path:
        """The file that is polled as if it were an ERP."""
        return self.folder / "erp.jsonl"

    @property
    def journal(self) -> Path:
        """What happened at the ticket desk."""
        return self.folder / "desk.jsonl"

    @property
    def afterwards(self) -> Path:
        """The signed form of a push that nobody has sent yet."""
        return self.folder / "found.form"

    def secret(self, account: str) -> Path:
        """The file with an account's secret."""
        return self.folder / f"{account}.secret"

    def url(self, role: str) -> str:
        """Where a role, or one of `SERVERS`, listens."""
        return f"http://127.0.0.1:{self.ports[role]}"

    @property
    def push_url(self) -> str:
        """Where Kuaidi100 pushes to."""
        return self.door("kuaidi100")

    def door(self, by: By) -> str:
        """Where pushes of one sort arrive."""
        return f"{self.url('ingress')}/in/{by}/{ACCOUNT[by]}"

    @property
    def registered_carriers(self) -> dict[str, str]:
        """The carriers whose parcels are registered at Kuaidi100: the ERP's name of each, and Kuaidi100's."""
        carriers = self.story.carriers.items()
        return {carrier.name: code for code, carrier in carriers if carrier.told_by == "kuaidi100"}

    def _secret_from(self, account: str) -> dict[str, str]:
        return {"file": str(self.secret(account))}

    def configure(self, bootstrap: str, clock: WallClock) -> Settings:
        """Write the configuration for a broker and a clock, and give it."""
        values = self._values(bootstrap, clock)
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
        self.config.write_text(f"# Written by `quayside demo`.\n{text}", encoding="utf-8")
        return Settings.model_validate(values)

    def _values(self, bootstrap: str, clock: WallClock) -> dict[str, Any]:
        return {
            "state": str(self.folder),
            "kafka": {"bootstrap": bootstrap, "partitions": 2, "session_timeout_seconds": SESSION_SECONDS},
            "clock": {
                "epoch": clock.epoch.isoformat(),
                "started": datetime.fromtimestamp(clock.started, UTC).isoformat(),
                "speed": clock.speed,
                "tick_seconds": TICK_SECONDS,
            },
            "listen": {role: {"port": self.ports[role]} for role in ROLES},
            "sources": [
                {"name": account, "connector": by, "secrets": [self._secret_from(account)]}
                for by, account in ACCOUNT.items()
            ],
            "pollers": [
                {
                    "name": POLLER,
                    "connector": "sample-file",
                    "url": f"file:{self.erp}",
                    "every_seconds": POLL_SECONDS,
                    "zone": self.story.zone,
                }
            ],
            "targets": [
                {
                    "name": TARGET,
                    "connector": "ticket-desk",
                    "url": self.url("desk"),
                    "secret": self._secret_from(TARGET),
                    "poll_seconds": 2,
                    "language": self.language,
                },
                {
                    "name": SUBSCRIBER,
                    "connector": "standard-webhooks",
                    "url": f"{self.url('portal')}/webhooks",
                    "secret": self._secret_from(SUBSCRIBER),
                    "language": self.language,
                    "roles": [],
                    "statuses": True,
                    "steps": True,
                    "concurrency": 1,
                    "status_fields": {field.value: None for field in OrderField if field.value not in SHOWN},
                },
            ],
            "trackers": [
                {
                    "name": TRACKER,
                    "connector": "kuaidi100",
                    "url": self.url("kuaidi100"),
                    "secret": self._secret_from(TRACKER),
                    "source": SOURCE,
                    "callback": self.push_url,
                    "push_secret": self._secret_from(SOURCE),
                    "carriers": self.registered_carriers,
                    "asks": False,
                    "concurrency": 2,
                }
            ],
            "policy": yaml.safe_load((DAY / "policy.yaml").read_text(encoding="utf-8")),
        }


def _standard_webhooks_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _take(folder: Path) -> None:
    """Lock a folder for as long as this process lives, and empty it."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Rejected(
            f"a demo is running in {folder} already; name another folder by --state", code="demo_runs"
        ) from error
    left = list(folder.iterdir())
    if left and not (folder / LOG).exists():
        raise Rejected(f"{folder} holds something else than a demo; name another folder by --state", code="not_a_demo")
    broker = Folder(folder / "broker")
    if broker.lock.exists():
        wait_until_released(broker)  # a demo that was killed leaves a broker that stops cleanly, a moment later
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def day_clock(story: Story, begins_in: float, now: float) -> WallClock:
    """The day's clock, by which it begins in so many real seconds. now: Unix seconds."""
    return WallClock(story.at(story.begins).astimezone(UTC), now + begins_in, SPEED)


def ordinary_clock(shows: datetime, now: float) -> WallClock:
    """A clock that shows `shows` now, and goes as fast as ours. now: Unix seconds."""
    return WallClock(shows, now, 1.0)
