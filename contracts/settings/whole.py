"""The whole configuration."""

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import SecretStr, field_validator, model_validator

from contracts.policy import Policy
from contracts.settings.accounts import PollerAccount, SourceAccount, TargetAccount, TrackerAccount
from contracts.settings.kafka import KafkaSettings
from contracts.settings.roles import ClockSettings, RoleSettings
from contracts.settings.section import SecretFrom, Section

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
