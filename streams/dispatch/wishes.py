"""What a wanted state wishes for at one target, in that target's own fields. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime

from contracts.connector import NoticeInContext, Target, TaskInContext
from contracts.errors import Rejected
from contracts.identity import digest
from contracts.model import read
from contracts.settings import Settings, TargetAccount
from contracts.snapshot import Notice, Task, View, Wanted, notice_key, task_key
from streams.dispatch.actions import Wish
from streams.dispatch.endings import endings_of
from streams.dispatch.entry import Entry, State
from streams.dispatch.holding import Holding
from streams.dispatch.intake import WantedState
from streams.dispatch.mapping import mapped
from streams.dispatch.order_wishes import status_wish, step_wishes
from streams.dispatch.plan import Rules
from streams.dispatch.subscribing import registrations_of

_OF_POLLED_ACCOUNTS = frozenset({"order", "after", "case"})
"""The scopes whose account is one that we read; a parcel that nobody claims belongs to the one that told of it."""


def rules_of(
    account: TargetAccount,
    secret: str | None,
    state: WantedState,
    living_from: Mapping[str, datetime],
    holding: Holding | None = None,
) -> Rules:
    """Say what a target's account asks for of a state. living_from: since when polled accounts are pushed, by name.

    holding: what the target knows of policy revisions; needed where one brought a task of this state.
    """
    polled = living_from.get(state.key.account) if state.key.scope in _OF_POLLED_ACCOUNTS else None
    return Rules(
        target=account.name,
        configuration=configuration_of(account, secret, living_from),
        shadow=account.mode == "shadow",
        live_from=max(filter(None, (account.live_from, polled)), default=None),
        ask_first=state.ask_first,
        holding=holding,
        endings=endings_of(account),
    )


def living_from_of(settings: Settings) -> dict[str, datetime]:
    """Say since when each polled account is pushed, where it is not from its first day on."""
    return {polled.name: polled.live_from for polled in settings.pollers if polled.live_from is not None}


def configuration_of(account: TargetAccount, secret: str | None, living_from: Mapping[str, datetime]) -> str:
    """Digest what decides on what a target is sent.

    It covers the secret: with a new one, what was refused is tried again.
    """
    since = (part for name in sorted(living_from) for part in (name, living_from[name].isoformat()))
    return digest(account.model_dump_json(), secret or "", *since)


def wishes_of(
    state: WantedState, target: Target, account: TargetAccount, now: datetime, entries: Collection[Entry] = ()
) -> list[Wish]:
    """Give the wanted tasks of the account's roles in the target's fields; one that its mapping refuses says why.

    Where the account asks for them, the notices to customers that are not too late at `now` go with them, then the
    order's status, then the steps that were not sent. entries: the lane's, which say what was.
    """
    wanted = read(Wanted, state.wanted.encode())
    if target.subscription_fields is not None:
        return registrations_of(state, wanted, target.subscription_fields, account)
    view = read(View, state.view.encode()) if state.view else None
    notices = wanted.notices if account.notices and target.notice_fields else ()
    return [
        *(
            _wish(state, task, view, target, account)
            for task in wanted.tasks
            if account.roles is None or task.role in account.roles
        ),
        *(
            _notice(state, notice, view, target, account)
            for notice in notices
            if notice.expires_at is None or now < notice.expires_at
        ),
        *status_wish(state, wanted.tasks, view, target, account),
        *step_wishes(state, view, target, account, _done(entries, shadow=account.mode == "shadow")),
    ]


def _done(entries: Collection[Entry], *, shadow: bool) -> frozenset[str]:
    """Tell what needs no wish to stay as it is: what is there, or was."""
    settled = {State.OPEN, State.CLOSED}
    return frozenset(entry.task for entry in entries if entry.shadow == shadow and entry.state in settled)


def _wish(state: WantedState, task: Task, view: View | None, target: Target, account: TargetAccount) -> Wish:
    key = state.key
    name = task_key(key.account, key.scope, key.subject, task)
    context = TaskInContext(name, key.account, key.scope, key.subject, task, view)
    fields, problem = mapped(lambda: target.fields(context, account))
    comment = ""
    if problem is None:
        comment, problem = _comment(task, account)
    return Wish(
        account=key.account,
        scope=key.scope,
        subject=key.subject,
        task=name,
        since=task.since,
        fields=fields,
        feedback=frozenset(task.feedback),
        comment=comment,
        problem=problem,
        policy_revision=state.brought.get(name, 0),
    )


def _notice(state: WantedState, notice: Notice, view: View | None, target: Target, account: TargetAccount) -> Wish:
    key, notice_fields = state.key, target.notice_fields
    name = notice_key(key.account, key.scope, key.subject, notice)
    context = NoticeInContext(name, key.account, key.scope, key.subject, notice, view)
    fields, problem = mapped(lambda: notice_fields(context, account) if notice_fields else {})
    return Wish(
        account=key.account,
        scope=key.scope,
        subject=key.subject,
        task=name,
        since=notice.since,
        fields=fields,
        problem=problem,
        once=True,
    )


def _comment(task: Task, account: TargetAccount) -> tuple[str, Rejected | None]:
    if account.language not in task.texts:
        missing = f"a task of kind {task.kind} has no text in {account.language}"
        return "", Rejected(missing, code="text_missing")
    return task.texts[account.language].body, None
