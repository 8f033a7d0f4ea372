"""The shape of a connector: frozen records and pure functions, listed in `connectors.registry`.

A source is pushed to us, a poller is read by us, a target is written to by us. A record holds all that differs
between systems; what does not is written once elsewhere.
"""

from contracts.connector.mapping import Context, Mapped
from contracts.connector.poller import Document, Poller, PollSession, Reading
from contracts.connector.record import Heard, Record, ReopeningSession, TargetSession, Writing
from contracts.connector.source import Cut, Reply, Source, no_options
from contracts.connector.target import Limit, Target
from contracts.connector.told import NoticeInContext, OrderInContext, StepInContext, TaskInContext
from contracts.connector.tracker import Tracker

__all__ = [
    "Context",
    "Cut",
    "Document",
    "Heard",
    "Limit",
    "Mapped",
    "NoticeInContext",
    "OrderInContext",
    "PollSession",
    "Poller",
    "Reading",
    "Record",
    "ReopeningSession",
    "Reply",
    "Source",
    "StepInContext",
    "Target",
    "TargetSession",
    "TaskInContext",
    "Tracker",
    "Writing",
    "no_options",
]
