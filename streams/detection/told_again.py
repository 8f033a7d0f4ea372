"""What a task says of the answers that it had: who answered what and when, and what is still missing."""

from collections.abc import Collection

from contracts.answer import AnswerOutcome, Missing, TaskAnswer
from contracts.snapshot import Task, Text
from streams.detection.texts import answer_lines
from streams.detection.wording import instant

_LACKS: dict[frozenset[Missing], str] = {
    frozenset(Missing): "lacks_both",
    frozenset({Missing.REASON}): "lacks_reason",
    frozenset({Missing.APPROVAL}): "lacks_approval",
}


def told_again(task: Task, answer: TaskAnswer | None, needs: Collection[Missing]) -> Task:
    """Give the task with the newest answer to it, first, and with what it needs to stay closed, last."""
    if answer is None and not needs:
        return task
    lacking = frozenset(answer.missing) if answer is not None else frozenset(needs)
    zone_name = task.details.get("zone") or "UTC"
    texts = {}
    for language, text in task.texts.items():
        lines = [
            *(_answered(language, answer, zone_name) if answer is not None else ()),
            text.body,
            *(answer_lines(language, _LACKS[lacking], {}) if lacking else ()),
        ]
        texts[language] = Text(title=text.title, body="\n".join(line for line in lines if line))
    return task.model_copy(update={"texts": texts, "answer": answer})


def _answered(language: str, answer: TaskAnswer, zone_name: str) -> list[str]:
    is_incomplete = bool(answer.missing) and answer.outcome not in {AnswerOutcome.REOPENED, AnswerOutcome.SNOOZED}
    entry = "incomplete" if is_incomplete else str(answer.outcome)
    details = {
        "by": answer.by or answer_lines(language, "somebody", {})[0],
        "at": f"{instant(answer.at, zone_name)} ({zone_name})",
        "until": f"{instant(answer.until, zone_name)} ({zone_name})" if answer.until else "",
        "reason": " ".join(answer.reason.split()),
        "approved_by": answer.approved_by,
    }
    return answer_lines(language, entry, details)
