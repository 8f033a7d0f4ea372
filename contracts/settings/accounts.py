"""The accounts: who pushes to us, whom we read, whom we write to."""

from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field

from contracts.fields import OrderField, TaskField
from contracts.policy.trackers import ALL_OTHERS
from contracts.settings.section import Name, SecretFrom, Section
from contracts.snapshot.finding import Role


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
