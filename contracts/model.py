"""The base of every model that crosses a topic: immutable, and open to fields that a newer writer adds.

A wrong value is told with its JSON path, what was found and what is expected (`read`).
"""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import Rejected
from contracts.expected import expected

M = TypeVar("M", bound="Contract")
_SHOWN = 80


class Contract(BaseModel):
    """A model of the canonical language. Unknown fields are ignored, so that a reader survives a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, ser_json_inf_nan="strings")

    def encode(self) -> bytes:
        """Write as JSON, without what is empty: defaults are implied."""
        return self.model_dump_json(exclude_defaults=True).encode()


def read(model: type[M], data: bytes | None) -> M:
    """Read JSON bytes as `model`; raises Rejected with the path of the first wrong value."""
    try:
        return model.model_validate_json(data or b"")
    except ValidationError as error:
        raise rejection(error) from error


def build(model: type[M], /, **values: object) -> M:
    """Make a `model` of values from a payload; raises Rejected with the path of the first wrong value."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise rejection(error) from error


def rejection(error: ValidationError) -> Rejected:
    """Tell a validation error as one sentence: the path, what was found, what is expected, how many more."""
    details = error.errors(include_url=False)
    first = details[0]
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    found = "nothing" if first["type"] == "missing" else shown(first["input"])
    return Rejected(f"found {found}; {expected(first)}{more}", code="invalid", path=json_path(first["loc"]))


def json_path(location: tuple[int | str, ...]) -> str:
    """Write a location as a JSON path (RFC 9535): `$.lines[2].ordered`."""
    return "$" + "".join(_step(step) for step in location)


def _step(step: int | str) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if step.isidentifier():
        return f".{step}"
    escaped = step.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def shown(value: object) -> str:
    """Write a value as a reason shows it, the beginning of a long one."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
