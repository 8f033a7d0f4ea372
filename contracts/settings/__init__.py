"""The configuration: one YAML file, read by pydantic-settings, secrets only from the environment or from files.

`desk` loads it (`desk.configuration`); everything below is told the part that it needs. A list of accounts says what
is connected: sources push to us, pollers are read by us, targets are written to by us.
"""

from contracts.settings.accounts import PollerAccount, SourceAccount, TargetAccount, TrackerAccount, WatchedFolder
from contracts.settings.kafka import KafkaSettings
from contracts.settings.roles import ClockSettings, Listen, RoleSettings
from contracts.settings.section import Name, SecretFrom, Section
from contracts.settings.whole import Account, Settings

__all__ = [
    "Account",
    "ClockSettings",
    "KafkaSettings",
    "Listen",
    "Name",
    "PollerAccount",
    "RoleSettings",
    "SecretFrom",
    "Section",
    "Settings",
    "SourceAccount",
    "TargetAccount",
    "TrackerAccount",
    "WatchedFolder",
]
