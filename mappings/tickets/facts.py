"""What is said of a task, a notice, an order and a step, by canonical name, as text in one language. Pure.

A target's mapping chooses of these (`contracts.fields`). Instants are RFC 3339 in UTC, to the microsecond.
"""

from collections.abc import Mapping, Sequence

from contracts.connector import NoticeInContext, OrderInContext, StepInContext, TaskInContext
from contracts.errors import Rejected
from contracts.fields import OrderField, StepField, TaskField
from contracts.record_keys import step_id
from contracts.snapshot import Severity, SubjectType, Task, Text
from mappings.tickets.surroundings import around, instant, parcels_of
from mappings.tickets.wording import LABELS, Language, amounts, customer_of, one_line, time, zone_of


def task_facts(context: TaskInContext, language: Language) -> dict[TaskField, str]:
    """Say all that a ticket may hold of a task; raises Rejected where it has no text in `language`."""
    task, view = context.task, context.view
    text = _text(task.texts, language, "the task", "$.task.texts")
    named = task.subject if task.subject_type is SubjectType.PARCEL else ""
    parcels = tuple(p for p in parcels_of(view) if not named or p.number == named)
    said = around(view, parcels, language)
    return {
        **{TaskField(name): value for name, value in said.items()},
        TaskField.TITLE: one_line(text.title),
        TaskField.TEXT: text.body.strip(),
        TaskField.DETAILS: _details(context, text, said, language),
        TaskField.KIND: task.kind.value,
        TaskField.SEVERITY: task.severity.value,
        TaskField.ROLE: task.role.value,
        TaskField.ESCALATES_TO: task.escalates_to.value if task.escalates_to else "",
        TaskField.SINCE: instant(task.since),
        TaskField.DUE: instant(task.due_at),
        TaskField.SUBJECT: one_line(task.subject),
        TaskField.SUBJECT_TYPE: task.subject_type.value,
        TaskField.ACCOUNT: context.account,
        TaskField.ORDER: _order(context),
        TaskField.CUSTOMER: _customer(context),
        TaskField.PARCEL: one_line(named) or said["parcel"],
    }


def notice_facts(context: NoticeInContext, language: Language) -> dict[TaskField, str]:
    """Say all that a message to a customer may hold; raises Rejected where it has no text in `language`."""
    notice, view = context.notice, context.view
    text = _text(notice.texts, language, f"notice {notice.key}", "$.notice.texts")
    said = around(view, parcels_of(view), language)
    return {
        **{TaskField(name): value for name, value in said.items()},
        TaskField.TITLE: one_line(text.title),
        TaskField.TEXT: text.body.strip(),
        TaskField.DETAILS: text.body.strip(),
        TaskField.KIND: "notice",
        TaskField.SEVERITY: "",
        TaskField.ROLE: "",
        TaskField.ESCALATES_TO: "",
        TaskField.SINCE: instant(notice.since),
        TaskField.DUE: instant(notice.expires_at),
        TaskField.SUBJECT: one_line(notice.audience),
        TaskField.SUBJECT_TYPE: "customer",
        TaskField.ACCOUNT: context.account,
        TaskField.ORDER: one_line(context.subject),
        TaskField.CUSTOMER: customer_of(view) or one_line(notice.audience),
    }


def order_facts(context: OrderInContext, language: Language) -> dict[OrderField, str]:
    """Say all that may stand beside an order of its delivery."""
    view, lines = context.view, tuple(line for line in context.view.lines if not line.cancelled)
    said = around(view, view.parcels, language)
    arrived = [line.delivered_at for line in lines if line.despatched.value]
    left = [parcel.despatched_at for parcel in view.parcels if parcel.despatched_at]
    titles = [one_line(task.texts[language].title) for task in context.tasks if language in task.texts]
    return {
        **{OrderField(name): value for name, value in said.items()},
        OrderField.ACCOUNT: context.account,
        OrderField.ORDER: one_line(context.subject),
        OrderField.ORDERED: amounts(line.ordered for line in lines),
        OrderField.DESPATCHED: amounts(line.despatched for line in lines),
        OrderField.OPEN: amounts(line.open for line in lines),
        OrderField.SHORT: amounts(line.short for line in lines),
        OrderField.ACCEPTED: amounts(line.accepted for line in lines if line.accepted is not None),
        OrderField.DESPATCHED_AT: instant(min(left, default=None)),
        OrderField.DELIVERED_AT: instant(max((at for at in arrived if at), default=None) if all(arrived) else None),
        OrderField.FINDINGS: ", ".join(dict.fromkeys(task.kind.value for task in context.tasks)),
        OrderField.FINDINGS_TEXT: "\n".join(titles),
        OrderField.SEVERITY: _gravest(context.tasks),
    }


def step_facts(context: StepInContext, language: Language) -> dict[StepField, str]:  # noqa: ARG001  as its siblings
    """Say all that may be told of one step."""
    entry, view = context.entry, context.view
    return {
        StepField.ACCOUNT: context.account,
        StepField.ORDER: one_line(context.subject),
        StepField.REFERENCE: one_line(view.reference),
        StepField.CUSTOMER: customer_of(view),
        StepField.STEP: step_id(entry),
        StepField.AT: instant(entry.at),
        StepField.WHAT: entry.what,
        StepField.SUBJECT: one_line(entry.subject),
        StepField.TEXT: entry.text.strip(),
        StepField.LOCATION: one_line(entry.location),
        StepField.BY: one_line(entry.by),
    }


def _details(context: TaskInContext, text: Text, said: Mapping[str, str], language: Language) -> str:
    """Write the task's own text, and below it the order around it, a line each."""
    told = {
        "order": _order(context),
        "customer": _customer(context),
        "promised": said["promised"],
        "last_scan": said["last_scan"],
        "due": time(context.task.due_at, zone_of(context.view)),
    }
    labels = LABELS[language]
    lines = [f"{labels[name]}{labels['colon']}{fact}" for name, fact in told.items() if fact]
    return "\n".join([text.body.strip(), "", *lines]).strip()


def _text(texts: Mapping[str, Text], language: Language, what: str, path: str) -> Text:
    if language not in texts:
        raise Rejected(f"{what} has no text in {language}", code="no_text", path=path)
    return texts[language]


def _order(context: TaskInContext) -> str:
    """The order that the task is about; a case names it, where it is known."""
    match context.scope:
        case "order" | "after":
            return one_line(context.subject)
        case "case":
            return one_line(context.task.details.get("order", ""))
        case _:
            return ""


def _customer(context: TaskInContext) -> str:
    return customer_of(context.view) or one_line(context.task.details.get("customer", ""))


def _gravest(tasks: Sequence[Task]) -> str:
    found = {task.severity for task in tasks}
    return next((severity.value for severity in Severity if severity in found), "")
