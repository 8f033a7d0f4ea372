"""A wanted registration as fields, and the steps that lead from the fields written last to those that are wanted now.

No tracker keeps all of them, so what stands there is never read back: registering again is answered by each as "it is
there already", and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.connector import TaskInContext, Writing
from contracts.envelope import write_time
from contracts.errors import Rejected
from contracts.identity import parts
from contracts.settings import TargetAccount, TrackerAccount
from contracts.snapshot import WantedSubscription

_REGISTERS = ("number", "carrier", "until", "again")
"""The fields that ask for a registration when another value is written to them."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as a tracker knows it. carrier: the tracker's own code; empty where it is to find out."""

    number: str
    carrier: str


@dataclass(frozen=True, slots=True)
class Steps:
    """What is to be done for a registration that is there. asks: whether the parcel is to be asked for."""

    registers: bool
    asks: bool


def tracker_account(account: TargetAccount) -> TrackerAccount:
    """Give an account as the tracker's that it is; raises Rejected where it stands under `targets`."""
    if not isinstance(account, TrackerAccount):
        raise Rejected(f"{account.connector} registers parcels: it belongs under `trackers`", code="bad_option")
    return account


def fields(subscription: WantedSubscription, account: TargetAccount) -> Mapping[str, str]:
    """Write a wanted registration, with the carrier's code at this tracker."""
    written = {
        "number": subscription.number,
        "carrier": tracker_account(account).carriers.get(subscription.carrier, ""),
    }
    instants = {"until": subscription.until, "again": subscription.again, "ask_at": subscription.ask_at}
    return written | {name: write_time(at).decode() for name, at in instants.items() if at is not None}


def parcel_of(writing: Writing) -> Parcel:
    """Give the parcel that is written about. Its number stands in the key too, where the fields are not known."""
    return Parcel(parts(writing.key.encode())[-1], writing.fields.get("carrier", ""))


def steps(before: Mapping[str, str], after: Mapping[str, str]) -> Steps:
    """Say what leads from the fields written before to those wanted now. before: empty where that is not known."""
    return Steps(
        registers=any(name in after and before.get(name) != after[name] for name in _REGISTERS),
        asks="ask_at" in after and before.get("ask_at") != after["ask_at"],
    )


def no_tasks(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Refuse a task: a tracker takes registrations alone."""
    raise Rejected(f"{account.name} registers parcels, and takes no task ({context.task.kind})", code="no_tasks")
