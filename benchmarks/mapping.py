"""(5) What it costs to map a payload, beside plain parsing of the same bytes into a pydantic model.

Each connector maps its own fixtures, and what it says is compared with what was reviewed. Beside it stands what a plain
receiver of the same body does: the standard library takes the form apart where it is one and reads the JSON, and
pydantic makes a model of it: every field that occurs in those payloads, with its type. What is not JSON has no such
model and is shown without one. Both take turns, so that a slow moment of the machine is one of both.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from pydantic import ConfigDict, Field, TypeAdapter, create_model

from benchmarks.running import NotEqual
from connectors.registry import POLLERS, SOURCES
from connectors.signatures import FORM
from contracts.connector import Context, Mapped, Poller, Source
from contracts.raw import RawRequest
from contracts.tracking import Tracking
from tests.connectors.conformance.declaration import Declaration, read_declaration
from tests.connectors.conformance.samples import RECORDED, folder_of, lines, payloads_of, reviewed_of
from tests.connectors.conformance.suite import NOW

SPAN = timedelta(seconds=0.1)
"""How long one turn lasts, about."""
JSON = "application/json"
FLOOR = 0.2
"""No mapping is to be slower than a fifth of plain parsing."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What was measured of one connector, by turn. Microseconds of processor time a payload; plain: of the model.

    events: what a payload tells on average: scans, or events where it tells of no parcel.
    """

    name: str
    events: float
    microseconds: tuple[float, ...]
    plain: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """How fast the mapping is beside plain parsing, by turn; 1 is as fast."""
        return tuple(plain / mapped for mapped, plain in zip(self.microseconds, self.plain, strict=True) if plain)


def measure(repeats: int) -> list[Mapping]:
    """Measure all that have fixtures; raises NotEqual where one does not say what was reviewed."""
    sources = [_of_source(source, repeats) for source in SOURCES.values() if payloads_of(source.name)]
    return sources + [
        _of_poller(poller, repeats) for poller in POLLERS.values() if any(RECORDED.glob(f"*/{poller.name}"))
    ]


def _of_source(source: Source, repeats: int) -> Mapping:
    declared = read_declaration(folder_of(source.name))
    requests = {name: _request(source, declared, name, body) for name, body in payloads_of(source.name).items()}
    context = Context(source.name, "shop", NOW, declared.zone, declared.options)
    # What we cut out of a file ourselves was no JSON when it came.
    plain = None if source.cut else _plain(list(payloads_of(source.name).values()), list(requests.values()))
    return _measured(source, requests, context, plain, repeats)


def _of_poller(poller: Poller, repeats: int) -> Mapping:
    """Measure a poller on the readings that its mapping's test has, of the account that they are of there."""
    context: Context = import_module(f"tests.mappings.erp.test_{poller.name.replace('-', '_')}").WORKS
    bodies = payloads_of(poller.name)
    requests = {
        name: RawRequest(poller.name, "works", body, context.received_at, JSON) for name, body in bodies.items()
    }
    plain = _plain(list(bodies.values()), list(requests.values()))
    return _measured(poller, requests, context, plain, repeats)


def _measured(
    connector: Source | Poller,
    requests: dict[str, RawRequest],
    context: Context,
    plain: Callable[[], object] | None,
    repeats: int,
) -> Mapping:
    def mapped() -> list[Mapped]:
        return [connector.to_events(connector.read(request), context) for request in requests.values()]

    _check(connector.name, dict(zip(requests, mapped(), strict=True)))
    runs = [(_turn(mapped), _turn(plain) if plain else 0.0) for _ in range(repeats)]
    _check(connector.name, dict(zip(requests, mapped(), strict=True)))
    events = sum(map(_told, mapped())) / len(requests)
    ours, theirs = zip(*runs, strict=True)
    count = len(requests)
    return Mapping(connector.name, events, tuple(one / count for one in ours), tuple(one / count for one in theirs))


def _request(source: Source, declared: Declaration, name: str, body: bytes) -> RawRequest:
    sent = source.verify.carry(body)
    content_type = declared.content_types.get(name, sent.content_type)
    return RawRequest(source.name, "shop", sent.body, NOW, content_type, sent.headers)


def _check(connector: str, mapped: dict[str, Mapped]) -> None:
    for name, reviewed in reviewed_of(connector).items():
        if [json.loads(line) for line in lines(mapped[name])] != [json.loads(line) for line in reviewed.splitlines()]:
            raise NotEqual(f"{connector}: {name} does not say what was reviewed")


def _told(mapped: Mapped) -> int:
    return sum(len(event.scans) if isinstance(event, Tracking) else 1 for event in mapped.events)


def _turn(work: Callable[[], object]) -> float:
    """Give the microseconds of processor time that it takes, of as many as fit into the span."""
    began, times = time.process_time(), 0
    while (spent := time.process_time() - began) < SPAN.total_seconds():
        work()
        times += 1
    return spent / times * 1e6


def _plain(payloads: Sequence[bytes], requests: Sequence[RawRequest]) -> Callable[[], object] | None:
    try:
        values = [json.loads(payload) for payload in payloads]
    except ValueError:
        return None
    model: TypeAdapter[Any] = TypeAdapter(_type_of(values))
    texts = [_text_of(request, payload) for request, payload in zip(requests, payloads, strict=True)]
    return lambda: [model.validate_python(json.loads(text())) for text in texts]


def _text_of(request: RawRequest, payload: bytes) -> Callable[[], str | bytes]:
    """Say how a plain receiver comes by the JSON of a request."""
    if request.content_type != FORM:
        return lambda: request.body
    form = parse_qs(request.body.decode())
    (field,) = [name for name, (value, *_) in form.items() if value.encode() == payload]
    return lambda: parse_qs(request.body.decode())[field][0]


def _type_of(values: Iterable[Any]) -> Any:  # noqa: ANN401 - a type that is made here
    """Give the type that all these values have."""
    found = [value for value in values if value is not None]
    is_optional = len(found) < len(list(values))
    if not found:
        return None
    if all(isinstance(value, dict) for value in found):
        made = _model_of(found)
    elif all(isinstance(value, list) for value in found):
        made = list[_type_of([item for value in found for item in value])]  # type: ignore[misc]
    elif any(isinstance(value, dict | list) for value in found):
        return Any
    else:
        made = _one_of({type(value) for value in found})
    return _or_none(made) if is_optional else made


def _model_of(values: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - the same
    names = dict.fromkeys(name for value in values for name in value)
    fields: dict[str, Any] = {}
    for place, name in enumerate(names):
        type_ = _type_of([value[name] for value in values if name in value])
        is_always = all(name in value for value in values)
        default = ... if is_always else None
        fields[f"field_{place}"] = (type_ if is_always else _or_none(type_), Field(default, alias=name))
    return create_model("Payload", __config__=ConfigDict(frozen=True), **fields)


def _or_none(made: Any) -> Any:  # noqa: ANN401 - the same
    return made if made is None or made is Any else made | None


def _one_of(types: set[type]) -> Any:  # noqa: ANN401 - the same
    first, *others = sorted(types, key=lambda one: one.__name__)
    made: Any = first
    for other in others:
        made = made | other
    return made
