"""The configuration: one YAML file, read by pydantic-settings, secrets only from the environment or from files.

`desk` loads it (`desk.configuration`); everything below is told the part that it needs. A list of accounts says what
is connected: sources push to us, pollers are read by us, targets are written to by us.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from contracts.clock import WallClock
from contracts.errors import Rejected
from contracts.fields import OrderField, TaskField
from contracts.policy import Policy
from contracts.policy.trackers import ALL_OTHERS
from contracts.snapshot.finding import Role

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A name in a path, a metric and a key: lower case letters, digits and hyphens."""
_NODE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:,/\[\]]+):[0-9]{1,5}")


class Section(BaseModel):
    """A section of the file. Unknown names are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SecretFrom(Section):
    """Where a secret stands: an environment variable or a file, never the configuration itself."""

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "SecretFrom":
        if (self.env is None) == (self.file is None):
            raise ValueError("a secret comes either from `env` or from `file`")
        return self

    def read(self) -> str:
        """Read the secret; raises Rejected, naming the place, where nothing is there."""
        if self.env is not None:
            found = os.environ.get(self.env)
            if not found:
                raise Rejected(f"the environment variable {self.env} is not set", code="secret_missing")
            return found
        try:
            found = Path(str(self.file)).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Rejected(
                f"the secret file {self.file} cannot be read: {error.strerror}", code="secret_missing"
            ) from error
        if not found:
            raise Rejected(f"the secret file {self.file} is empty", code="secret_missing")
        return found


class KafkaSettings(Section):
    """The broker and our topics on it. Without `bootstrap` a single-node broker is started by `up`.

    bootstrap: `HOST:PORT` of some of its nodes, separated by commas. prefix: of the topics' names. partitions: of all
    topics on a record's way; fixed once created. replication: how many nodes hold each record.
    security_protocol: how clients reach it. sasl_mechanism: how they say who they are. sasl_username: as whom.
    sasl_password: with what. ssl_cafile: whom clients trust, else the system's. ssl_certfile: a client's own
    certificate. ssl_keyfile: its key. session_timeout_seconds: after how long others take a silent worker's partitions.
    epoch: raise it by one whenever the topics were deleted and made anew, so that what was written before is older.
    """

    bootstrap: str | None = None
    prefix: str = Field(default="quayside", pattern=r"^[a-zA-Z0-9._-]{1,100}$")
    partitions: int = Field(default=4, ge=1, le=1024)
    replication: int = Field(default=1, ge=1, le=9)
    epoch: int = Field(default=1, ge=1, le=65535)
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: SecretFrom | None = None
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    session_timeout_seconds: float = Field(default=30.0, gt=0)

    @field_validator("bootstrap")
    @classmethod
    def _nodes_have_ports(cls, bootstrap: str | None) -> str | None:
        if bootstrap is not None and not all(_NODE.fullmatch(node.strip()) for node in bootstrap.split(",")):
            raise ValueError("expected HOST:PORT, several of them separated by commas")
        return bootstrap

    @model_validator(mode="after")
    def _sasl_is_whole(self) -> "KafkaSettings":
        if self.security_protocol.startswith("SASL") and not (
            self.sasl_mechanism and self.sasl_username and self.sasl_password
        ):
            raise ValueError("SASL needs sasl_mechanism, sasl_username and sasl_password")
        return self

    def topic(self, name: str) -> str:
        """Give the name that a declared topic has on the broker."""
        return f"{self.prefix}.{name}"


class ClockSettings(Section):
    """The one clock of all roles. `speed` 600 makes ten minutes pass each second; the demo and tests use it.

    Without `epoch` and `started` it shows real time.

    epoch: what it shows at the real instant `started`. started: that instant. speed: how many times as fast as real
    time it moves. tick_seconds: how often, on this clock, ingress says that it is alive.
    """

    epoch: AwareDatetime | None = None
    started: AwareDatetime | None = None
    speed: float = Field(default=1.0, gt=0, le=100_000)
    tick_seconds: float = Field(default=15.0, gt=0)

    @model_validator(mode="after")
    def _epoch_is_whole(self) -> "ClockSettings":
        if (self.epoch is None) != (self.started is None):
            raise ValueError("`epoch` and `started` go together")
        if self.epoch is None and self.speed != 1.0:
            raise ValueError("a `speed` needs `epoch` and `started`")
        return self

    def clock(self) -> WallClock:
        """Give the clock."""
        if self.epoch is None or self.started is None:
            return WallClock(datetime(1970, 1, 1, tzinfo=UTC), 0.0, 1.0)
        return WallClock(self.epoch, self.started.timestamp(), self.speed)


class Listen(Section):
    """Where a role listens.

    host: an address of this machine; loopback unless told otherwise. port: 0 takes a free one.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)


class RoleSettings(Section):
    """Where each role listens.

    ingress: for senders. poll: for health and metrics only. worker: the same. dispatch: the same.
    """

    ingress: Listen = Listen(port=8480)
    poll: Listen = Listen(port=8481)
    worker: Listen = Listen(port=8482)
    dispatch: Listen = Listen(port=8483)


class WatchedFolder(Section):
    """A folder whose files are taken as if they had been pushed.

    path: of the folder. every_seconds: from one look to the next, on the one clock. quiet_seconds: for how many real
    seconds a file must not have changed to count as complete. content_type: of its files, where their names do not
    tell it as the connector wants it.
    """

    path: Path
    content_type: str = ""
    every_seconds: float = Field(default=10.0, gt=0)
    quiet_seconds: float = Field(default=5.0, ge=0)


class SourceAccount(Section):
    """An account that pushes to us at `/in/CONNECTOR/NAME[/TOKEN]`.

    name: unique among the sources. connector: one of `quayside connectors list`.
    secrets: those that are valid now: two during a rotation, none where the sender cannot sign.
    token: the secret part of the path for senders that cannot sign.
    zone: the zone of local times in its payloads, where the sender's documentation does not fix one.
    options: the connector's own, checked by it.
    folder: where its payloads are dropped as files; nobody can push to an account with a folder alone.
    """

    name: Name
    connector: Name
    secrets: tuple[SecretFrom, ...] = Field(default=(), max_length=2)
    token: SecretFrom | None = None
    zone: str | None = None
    options: dict[str, str] = Field(default_factory=dict)
    folder: WatchedFolder | None = None

    @property
    def is_pushed_to(self) -> bool:
        """Whether ingress takes requests for it."""
        return self.folder is None or bool(self.secrets or self.token)


class PollerAccount(Section):
    """An account that we read.

    name: unique among the pollers; every key of what it tells begins with it. connector: one of `quayside connectors
    list`. url: of the system. secret: to read it with. every_seconds: from one poll to the next, on the one clock.
    overlap_seconds: how far each poll reaches back behind the one before. reconcile_every_seconds: how often all open
    documents are read again. zone: of local times and dates in it. live_from: findings on its orders that began earlier
    are recorded and pushed to no target. options: the connector's own, checked by it.
    """

    name: Name
    connector: Name
    url: str
    secret: SecretFrom | None = None
    every_seconds: float = Field(default=60.0, gt=0)
    overlap_seconds: float = Field(default=300.0, ge=0)
    reconcile_every_seconds: float = Field(default=3600.0, gt=0)
    zone: str = "UTC"
    live_from: AwareDatetime | None = None
    options: dict[str, str] = Field(default_factory=dict)


class TargetAccount(Section):
    """A system that we write to.

    name: unique among the targets. connector: one of `quayside connectors list`. url: of the system. secret: to write
    to it with. concurrency: how many calls at once. poll_seconds: how often what people did there is read, on the one
    clock. calls_per_second: at most so many, by all processes together, instead of the limit that its vendor publishes.
    tries: how often an action is tried before it goes to the dead letters. hold_above: of the tasks that a new policy
    revision brings all at once, so many go; the others are held until it is released (`quayside release`).
    mode: `shadow` fills the ledger and shows what would have gone, and sends nothing. live_from: findings that began
    earlier are recorded and not pushed. language: of the texts. roles: whose tasks go there; everybody's where it is
    absent, nobody's where it is empty. notices: whether notices to customers go there, too, each once. statuses:
    whether the delivery's status is kept beside each order. steps: whether each step of a delivery goes there, once.
    fields: which canonical value goes to which of the target's fields, where that differs from the connector's own
    choice; a field without a value is left out. status_fields: the same for what stands beside orders.
    when_closed: what becomes of a record that people closed though it is still wanted: `feedback` tells the order, and
    its task rests; `reopen` opens it again; `again` makes a new one. when_merged: the same of one that they merged into
    another: `follow` watches that one instead. when_deleted: the same of one that they deleted: `leave` makes no new
    one as long as the same cause holds. reconcile_every_seconds: how often all that the target has is compared with
    what should be there, and mended. options: the connector's own, checked by it.
    """

    name: Name
    connector: Name
    url: str
    secret: SecretFrom | None = None
    roles: tuple[Role, ...] | None = None
    notices: bool = False
    statuses: bool = False
    steps: bool = False
    mode: Literal["live", "shadow"] = "live"
    live_from: AwareDatetime | None = None
    language: Literal["en", "zh-CN"] = "en"
    concurrency: int = Field(default=4, ge=1, le=64)
    poll_seconds: float = Field(default=30.0, gt=0)
    calls_per_second: float | None = Field(default=None, gt=0, le=10_000)
    hold_above: int = Field(default=100, ge=0)
    tries: int = Field(default=8, ge=1, le=100)
    fields: dict[str, TaskField | None] = Field(default_factory=dict)
    status_fields: dict[str, OrderField | None] = Field(default_factory=dict)
    when_closed: Literal["feedback", "reopen", "again"] = "feedback"
    when_merged: Literal["feedback", "follow", "again"] = "feedback"
    when_deleted: Literal["feedback", "again", "leave"] = "feedback"
    reconcile_every_seconds: float = Field(default=86_400.0, gt=0)
    options: dict[str, str] = Field(default_factory=dict)


class TrackerAccount(TargetAccount):
    """A tracking source at which parcels are registered, so that it pushes their news to us.

    name: unique among the trackers and targets. source: the account under `sources` at which its pushes arrive.
    carriers: whose parcels go there, each with the code by which it knows the carrier; `*` stands for all that no
    tracker names, and an empty code leaves it to find out. callback: the public address of that account's ingress, for
    those that are told it with each registration. push_secret: what signs the pushes, for those that are told it so.
    asks: whether a parcel that is silent for half its stall limit is asked for.
    """

    source: Name
    carriers: dict[str, str] = Field(default_factory=lambda: {ALL_OTHERS: ""}, min_length=1)
    callback: str = ""
    push_secret: SecretFrom | None = None
    asks: bool = True


Account = TypeVar("Account", SourceAccount, PollerAccount, TargetAccount)


class Settings(Section):
    """The whole configuration file.

    state: the folder of what a single machine keeps (embedded broker, SQLite). database: an SQLAlchemy URL; without
    it an SQLite file in `state`. database_secret: where the URL stands if it holds a password. kafka: the broker.
    clock: the one clock of all roles. listen: where each role listens. sources: who pushes to us. pollers: whom we
    read. targets: whom we write to. trackers: who registers parcels for us. policy: what is looked for, and whom it
    calls. logs: `json` in production.
    """

    state: Path = Path("state")
    database: SecretStr | None = None
    database_secret: SecretFrom | None = None
    kafka: KafkaSettings = KafkaSettings()
    clock: ClockSettings = ClockSettings()
    listen: RoleSettings = RoleSettings()
    sources: tuple[SourceAccount, ...] = ()
    pollers: tuple[PollerAccount, ...] = ()
    targets: tuple[TargetAccount, ...] = ()
    trackers: tuple[TrackerAccount, ...] = ()
    policy: Policy = Policy()
    logs: Literal["console", "json"] = "console"

    @field_validator("sources", "pollers", "targets", "trackers")
    @classmethod
    def _names_are_unique(cls, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        names = [account.name for account in accounts]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"named twice: {', '.join(sorted(twice))}")
        return accounts

    @model_validator(mode="after")
    def _dispatched_names_are_unique(self) -> "Settings":
        targets = {account.name for account in self.targets}
        if twice := targets & {account.name for account in self.trackers}:
            raise ValueError(f"a target and a tracker have one name: {', '.join(sorted(twice))}")
        return self

    @property
    def folders(self) -> tuple[SourceAccount, ...]:
        """The accounts whose payloads are dropped as files."""
        return tuple(account for account in self.sources if account.folder is not None)

    @property
    def dispatched(self) -> tuple[TargetAccount, ...]:
        """Every account that dispatch keeps right: targets and trackers."""
        return (*self.targets, *self.trackers)

    def database_url(self) -> str:
        """Give the SQLAlchemy URL of the database, asynchronous drivers chosen by its user."""
        if self.database_secret is not None:
            return self.database_secret.read()
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.state / 'quayside.sqlite'}"
