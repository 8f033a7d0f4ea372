"""Dead letters as people read them: a table, and one in full."""

import json
from collections.abc import Iterable, Iterator

from rich.table import Table

from contracts.envelope import ReadHeader
from streams.dead_letters.letter import DeadLetter


def table(letters: Iterable[DeadLetter]) -> Table:
    """Show letters, one a line."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "at", "stage", "code", "record", "reason"):
        shown.add_column(column, overflow="fold", no_wrap=column in {"id", "at"})
    for letter in letters:
        at = f"{letter.at:%Y-%m-%d %H:%M:%S}"
        shown.add_row(str(letter.id), at, letter.stage, letter.code, _place(letter), _reason(letter))
    return shown


def none_such(stage: str | None, code: str | None, others: int) -> str:
    """Say that there is none, and how many there are of other stages and codes than what was asked for."""
    asked = (f" of the stage {stage}" if stage else "") + (f" with the code {code}" if code else "")
    if not (asked and others):
        return "There are no dead letters."
    return f"There are no dead letters{asked}; there {'is 1 other' if others == 1 else f'are {others} others'}."


def in_full(letter: DeadLetter, headers: Iterable[ReadHeader], value: bytes | None) -> Iterator[str]:
    """Tell all of one letter, its record's own headers and value included."""
    yield f"{letter.id}  {letter.stage}: {letter.code}, at {letter.at:%Y-%m-%d %H:%M:%S} UTC"
    if letter.path:
        yield f"  at        {letter.path}"
    yield f"  reason    {letter.reason}"
    yield f"  record    {_place(letter)}"
    yield f"  key       {letter.key or 'none'}"
    if letter.replayed_at is not None:
        yield f"  replayed  {letter.replayed_at:%Y-%m-%d %H:%M:%S} UTC"
    for name, raw in headers:
        yield f"  {name}: {'null' if raw is None else raw.decode(errors='replace')}"
    yield ""
    yield _value(value)


def _place(letter: DeadLetter) -> str:
    return letter.origin if letter.offset is not None else f"never stood in {letter.topic or 'any topic'}"


def _reason(letter: DeadLetter) -> str:
    return f"{letter.path}: {letter.reason}" if letter.path and letter.path not in letter.reason else letter.reason


def _value(value: bytes | None) -> str:
    if value is None:
        return "(no value)"
    try:
        return json.dumps(json.loads(value), ensure_ascii=False, indent=2)
    except ValueError:
        return value.decode(errors="backslashreplace")
