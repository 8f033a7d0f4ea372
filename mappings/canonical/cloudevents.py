"""CloudEvents 1.0 whose data is a canonical event.

The payload is what a request of any content mode says (`connectors.reading_cloudevents`): one event in the form of the
JSON format (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md), or an array of them.
`type` says what `data` is. Other attributes are checked, and say nothing to us: what makes an event the same, and which
of two is newer, stands in its data.

`account` in the data is the account to which it is pushed, and may be left out; so may `source`, where an event has it,
which is `CONNECTOR/ACCOUNT`.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, build, shown
from contracts.moment import Instant
from mappings.canonical.open_types import OPEN_TYPES


class CloudEvent(Contract):
    """The attributes (CloudEvents 1.0.2, section 3), and the data, which is JSON."""

    specversion: Literal["1.0"]
    id: str = Field(min_length=1)
    source: str = Field(min_length=1)
    type: str = Field(min_length=1)
    time: Instant | None = None
    subject: str | None = Field(default=None, min_length=1)
    datacontenttype: str | None = Field(default=None, pattern=r"^[^;]*[/+](?i:json)\s*(;.*)?$")
    dataschema: str | None = Field(default=None, min_length=1)
    data: dict[str, object]


def to_events(payload: object, context: Context) -> Mapped:
    """Map a request, all of it or nothing; raises Rejected with the JSON path of the first wrong value."""
    if not isinstance(payload, list):
        return Mapped((_event(payload, context),))
    return Mapped(tuple(_event_of_batch(payload, index, context) for index in range(len(payload))))


def _event_of_batch(batch: list[object], index: int, context: Context) -> Contract:
    try:
        return _event(batch[index], context)
    except Rejected as error:
        raise _inside(f"$[{index}]", error) from error


def _event(payload: object, context: Context) -> Contract:
    if not isinstance(payload, dict):
        raise Rejected(f"found {shown(payload)}; expected an event, which is an object", code="invalid", path="$")
    event = build(CloudEvent, **payload)
    return canonical(event.type, event.data, context)


def canonical(type_name: str, data: Mapping[str, object], context: Context) -> Contract:
    """Make the canonical event of this type; raises Rejected with the path in an event: `$.type`, or below `$.data`."""
    model = OPEN_TYPES.get(type_name)
    if model is None:
        raise Rejected(f"found {shown(type_name)}; expected {_known()}", code="unknown_type", path="$.type")
    try:
        return build(model, **_addressed(data, model, context))
    except Rejected as error:
        raise _inside("$.data", error) from error


def _addressed(data: Mapping[str, object], model: type[Contract], context: Context) -> dict[str, object]:
    """Add what the address says; raises Rejected where the data say otherwise."""
    said = {"account": context.account, "source": context.source}
    said = {name: value for name, value in said.items() if name in model.model_fields}
    for name, value in said.items():
        if data.get(name, value) != value:
            reason = f"found {shown(data[name])}; expected {value!r}, to which it was pushed, or nothing"
            raise Rejected(reason, code="invalid", path=f"$.{name}")
    return {**data, **said}


def _inside(path: str, error: Rejected) -> Rejected:
    """Tell an error of a part as one of the whole."""
    return Rejected(error.sentence, code=error.code, path=path + error.path.removeprefix("$"))


def _known() -> str:
    return "one of " + ", ".join(sorted(OPEN_TYPES))
