"""What became of the parcels' registrations: by the ledger, and by whoever was asked for them. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.identity import parts
from streams.dispatch.entry import Entry, State


class Answer(StrEnum):
    """How Kuaidi100 answers who asks for a registration. already: it monitors the parcel, or gave it up just now."""

    REGISTERED = "registered"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Registrations:
    """Parcels by number: those whose registration is open, those whose has ended; the answers to each, in order.

    again: those that were given up, and registered after it. other: what the ledger has in any other state, a sentence
    each.
    """

    open: frozenset[str]
    ended: frozenset[str]
    answers: Mapping[str, tuple[Answer, ...]]
    again: frozenset[str] = frozenset()
    other: tuple[str, ...] = ()

    def granted(self) -> int:
        """Count the registrations that were made."""
        return sum(answers.count(Answer.REGISTERED) for answers in self.answers.values())


def of_ledger(
    entries: Iterable[Entry], answers: Mapping[str, tuple[Answer, ...]], again: Collection[str]
) -> Registrations:
    """Read a tracker's entries; a parcel that two orders need has ended with the last of them."""
    states: dict[str, set[State]] = {}
    for entry in entries:
        states.setdefault(parts(entry.task.encode())[-1], set()).add(entry.state)
    others = {number: held - {State.OPEN, State.CLOSED} for number, held in sorted(states.items())}
    return Registrations(
        open=frozenset(number for number, held in states.items() if State.OPEN in held),
        ended=frozenset(number for number, held in states.items() if held == {State.CLOSED}),
        answers=answers,
        again=frozenset(again),
        other=tuple(f"the registration of {number} is {', '.join(held)}" for number, held in others.items() if held),
    )


def differences(
    expected: Registrations, found: Registrations, perhaps: Collection[str] = (), *, kept: Collection[str] = ()
) -> Iterator[str]:
    """Say every difference in a sentence. perhaps: numbers that may be missing. kept: pushes that nobody asked for."""
    wanted = expected.open | expected.ended
    yield from found.other
    for number in sorted(expected.again ^ found.again):
        yield f"{number} was {'registered' if number in found.again else 'not registered'} again after it was given up"
    for number in sorted(wanted | found.open | found.ended):
        if number in perhaps and number not in found.open:
            continue
        must, does = _state(expected, number), _state(found, number)
        if must != does:
            yield f"the registration of {number} {does}, and should not: it {must}"
    for number in sorted(expected.answers.keys() | found.answers.keys()):
        if number in perhaps and found.answers.get(number, (Answer.REGISTERED,)) == (Answer.REGISTERED,):
            continue
        must_be, was = _said(expected.answers.get(number, ())), _said(found.answers.get(number, ()))
        if must_be != was:
            yield f"Kuaidi100 answered {was} for {number} instead of {must_be}"
    if kept:
        yield f"Kuaidi100 still keeps {', '.join(sorted(kept))}: nobody registered the parcel"


def _state(registrations: Registrations, number: str) -> str:
    if number in registrations.open:
        return "is open"
    return "has ended" if number in registrations.ended else "is not in the ledger"


def _said(answers: tuple[Answer, ...]) -> str:
    return ", ".join(answers) or "nothing"
