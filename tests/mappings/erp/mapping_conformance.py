"""What the mapping of every polled ERP must do. Its test says which it is, and adds what holds for that ERP alone.

    ERP = Erp(kingdee.to_events, kingdee.KINDS, WORKS)

    class TestReadings(MappingConformance):
        erp = ERP

The recorded readings stand in tests/mappings/erp/NAME/: `X.json` is one as the poller writes it, `X.jsonl` the event
that was reviewed to follow from it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st

from contracts.connector import Context, Mapped
from contracts.documents import Document
from contracts.errors import Rejected
from contracts.events import TYPE_OF
from contracts.model import read
from mappings.erp.readings import Kinds

Payload = dict[str, Any]
WITHDRAWN = {"document": "X-1", "read_at": "2026-03-05T01:00:00Z", "withdrawn": True, "record": None}


@dataclass(frozen=True)
class Erp:
    """A mapping, the kinds of documents that it knows, and an account of which its recorded readings are."""

    to_events: Callable[[object, Context], Mapped]
    kinds: Kinds
    context: Context

    @property
    def folder(self) -> Path:
        """Where its recorded readings stand."""
        return Path(__file__).parent / self.context.connector

    @property
    def recorded(self) -> list[str]:
        """The names of its recorded readings."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def payload(self, name: str, **record: object) -> Payload:
        """Give a recorded reading, some fields of its record changed."""
        found: Payload = json.loads((self.folder / f"{name}.json").read_text())
        return found | ({"record": found["record"] | record} if record else {})

    def mapped(self, found: object, **options: str) -> Any:  # noqa: ANN401 - whatever the reading is of
        """Map a reading of an account that has these options."""
        (event,) = self.to_events(found, replace(self.context, options=options)).events
        return event

    def broken(self, *odd: str) -> st.SearchStrategy[Payload]:
        """Give recorded readings of which one value, anywhere in the record, is another. odd: such as are told here."""
        anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(odd)
        places = [
            (name, place)
            for name in self.recorded
            if isinstance(record := self.payload(name)["record"], dict)
            for place, _ in enumerate(_places(record))
        ]
        return st.builds(self._with, st.sampled_from(places), anything)

    def _with(self, where: tuple[str, int], value: object) -> Payload:
        name, place = where
        found = self.payload(name)
        container, at = list(_places(found["record"]))[place]
        container[at] = value
        return found


def _places(value: object) -> Iterator[tuple[Any, str | int]]:
    """Give the places in a record: what holds a value, and where in it."""
    inside: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        inside = iter(sorted(value.items()))
    elif isinstance(value, list):
        inside = iter(enumerate(value))
    for at, inner in inside:
        yield value, at
        yield from _places(inner)


class MappingConformance:
    """The suite; inherit it and name the mapping as `erp`."""

    erp: ClassVar[Erp]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Repeat a test for every recorded reading, or every kind of document, where it asks for one."""
        for asked, values in (("recorded", self.erp.recorded), ("kind", list(self.erp.kinds))):
            if asked in metafunc.fixturenames:
                metafunc.parametrize(asked, values)

    def test_a_recorded_reading_becomes_its_reviewed_event(self, recorded: str) -> None:
        event = self.erp.mapped(self.erp.payload(recorded))
        told = {"type": TYPE_OF[type(event)], "data": json.loads(event.encode())}
        reviewed = (self.erp.folder / f"{recorded}.jsonl").read_text().splitlines()
        assert [told] == [json.loads(line) for line in reviewed]
        assert read(type(event), event.encode()) == event

    def test_what_was_read_on_purpose_is_told_afresh(self, recorded: str) -> None:
        found = self.erp.payload(recorded)
        event = self.erp.mapped(found)
        is_told = isinstance(event, Document) and not event.withdrawn
        expected = event.model_copy(update={"afresh": True}) if is_told else event
        assert self.erp.mapped(found | {"afresh": True}) == expected

    def test_every_kind_of_document_is_recorded(self, kind: str) -> None:
        assert any(self.erp.payload(name)["kind"] == kind for name in self.erp.recorded)

    def test_a_withdrawn_document_is_withdrawn_whatever_it_was(self, kind: str) -> None:
        event = self.erp.mapped(WITHDRAWN | {"kind": kind})
        assert (event.account, event.withdrawn) == (self.erp.context.account, True)
        assert event.version.isoformat() == "2026-03-05T01:00:00+00:00"

    def test_a_document_that_is_not_withdrawn_has_a_record(self, kind: str) -> None:
        with pytest.raises(Rejected, match="found nothing; expected") as refused:
            self.erp.mapped(WITHDRAWN | {"kind": kind, "withdrawn": False})
        assert refused.value.path == "$.record"

    def test_a_reading_names_its_document(self, kind: str) -> None:
        with pytest.raises(Rejected) as refused:
            self.erp.mapped(WITHDRAWN | {"kind": kind, "document": ""})
        assert refused.value.path == "$.document"

    @pytest.mark.parametrize("unknown", [None, "invoice", ["order"]])
    def test_a_kind_that_is_unknown_is_refused_and_the_known_ones_are_named(self, unknown: object) -> None:
        with pytest.raises(Rejected) as refused:
            self.erp.mapped(WITHDRAWN | {"kind": unknown})
        assert refused.value.path == "$.kind"
        *others, last = map(repr, self.erp.kinds)
        assert str(refused.value).endswith(f"found {unknown!r}; expected {', '.join(others)} or {last}")

    @pytest.mark.parametrize("wrong", [None, [], "order", 5])
    def test_what_is_no_object_is_refused(self, wrong: object) -> None:
        with pytest.raises(Rejected, match="expected a reading"):
            self.erp.mapped(wrong)
