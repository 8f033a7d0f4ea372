"""What a wanted state wishes for at one target, in that target's own fields. Pure."""

from contracts.connector import Target, TaskInContext
from contracts.errors import Rejected
from contracts.identity import digest
from contracts.model import read
from contracts.settings import TargetAccount
from contracts.snapshot import Task, View, Wanted, task_key
from streams.dispatch.actions import Wish
from streams.dispatch.intake import WantedState
from streams.dispatch.plan import Rules
from streams.engine.writes import describe


def rules_of(account: TargetAccount, secret: str | None, state: WantedState) -> Rules:
    """Say what an account asks for. The digest covers the secret: with a new one, what was refused is tried again."""
    return Rules(
        target=account.name,
        configuration=configuration_of(account, secret),
        shadow=account.mode == "shadow",
        live_from=account.live_from,
        ask_first=state.ask_first,
    )


def configuration_of(account: TargetAccount, secret: str | None) -> str:
    """Digest what a target is configured with."""
    return digest(account.model_dump_json(), secret or "")


def wishes_of(state: WantedState, target: Target, account: TargetAccount) -> list[Wish]:
    """Give the wanted tasks in the target's fields; one that its mapping refuses carries the problem instead."""
    wanted = read(Wanted, state.wanted.encode())
    view = read(View, state.view.encode()) if state.view else None
    return [_wish(state, task, view, target, account) for task in wanted.tasks]


def _wish(state: WantedState, task: Task, view: View | None, target: Target, account: TargetAccount) -> Wish:
    key = state.key
    name = task_key(key.account, key.scope, key.subject, task)
    context = TaskInContext(name, key.account, key.scope, key.subject, task, view)
    fields: dict[str, str] = {}
    comment, problem = "", None
    try:
        fields = dict(target.fields(context, account))
        comment = _comment(task, account)
    except Rejected as error:
        problem = error
    except Exception as error:  # noqa: BLE001 - a mistake in a mapping refuses its task, and stops no other
        problem = Rejected(describe(error), code="bug")
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
    )


def _comment(task: Task, account: TargetAccount) -> str:
    if account.language not in task.texts:
        raise Rejected(f"a task of kind {task.kind} has no text in {account.language}", code="text_missing")
    return task.texts[account.language].body
