"""A system that we write to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date

from contracts.connector.record import TargetSession
from contracts.connector.told import NoticeInContext, OrderInContext, StepInContext, TaskInContext
from contracts.fields import OrderField, TaskField
from contracts.settings import TargetAccount
from contracts.snapshot import WantedSubscription


@dataclass(frozen=True, slots=True)
class Limit:
    """A target's published limit: at most so many `calls` in any `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """A system that we write tasks to.

    documentation: its pages; read_on: the day they were read.
    check: raises Rejected, in one sentence, where the account's options are wrong; `open` and `fields` rely on it.
    open: makes no call yet, so a target that is away is no reason not to start.
    fields: which canonical value goes to which field, in the account's language: pure; raises Rejected.
    keeps_idempotency_keys: whether sending the same key twice has one effect there; else only look-up protects.
    notice_fields: as `fields`, for notices to customers; None where the target carries none.
    subscription_fields: as `fields`, for parcels to be registered; a target that has it takes nothing else.
    status_fields: as `fields`, for the one record that stands beside each order; None where the target keeps no orders.
    step_fields: as `fields`, for what happened to an order, step by step; None where the target takes no steps.
    default_fields, default_status_fields: which canonical value goes to which field of this system, where the account
    does not say otherwise (`contracts.fields.in_effect`); empty where the fields are not to be chosen.
    limit: what its vendor publishes; None where nothing is published.
    reopens: whether its sessions can open a closed record again (`ReopeningSession`).
    is_told_only: whether it can be told and not read, as a mailbox: that a record is not found there says nothing.
    probe(account, secret): asks the running system what stands against the account, and gives it, a sentence each: a
    key that is refused, a queue or a field that is not there or cannot be written, a right that is missing. It writes
    nothing and costs nothing; it raises Retryable or Rejected where it got no answer to go on with, which is told as
    one problem more. None where the system has no way to tell without a write.
    """

    name: str
    title: str
    documentation: tuple[str, ...]
    read_on: date
    check: Callable[[TargetAccount], None]
    open: Callable[[TargetAccount, str | None], AbstractAsyncContextManager[TargetSession]]
    fields: Callable[[TaskInContext, TargetAccount], Mapping[str, str]]
    keeps_idempotency_keys: bool = False
    notice_fields: Callable[[NoticeInContext, TargetAccount], Mapping[str, str]] | None = None
    subscription_fields: Callable[[WantedSubscription, TargetAccount], Mapping[str, str]] | None = None
    status_fields: Callable[[OrderInContext, TargetAccount], Mapping[str, str]] | None = None
    step_fields: Callable[[StepInContext, TargetAccount], Mapping[str, str]] | None = None
    default_fields: Mapping[str, TaskField] = field(default_factory=dict)
    default_status_fields: Mapping[str, OrderField] = field(default_factory=dict)
    limit: Limit | None = None
    reopens: bool = False
    is_told_only: bool = False
    probe: Callable[[TargetAccount, str | None], Awaitable[Sequence[str]]] | None = None
