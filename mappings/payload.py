"""Reading what a vendor sends: models that forgive how it writes text."""

from typing import Annotated, TypeVar

from pydantic import BeforeValidator, ConfigDict, ValidationError

from contracts.errors import Rejected
from contracts.identity import tracking_number
from contracts.model import Contract, rejection, shown

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""Text that a vendor sends as null where it has none, and as a number where it looks like one."""

P = TypeVar("P", bound="Payload")


class Payload(Contract):
    """The base of a vendor's models: numbers may stand where text is meant, unknown fields are ignored."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


def read_payload(model: type[P], payload: object) -> P:
    """Read a JSON value as a vendor's model; raises Rejected with the JSON path of the first wrong value."""
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise rejection(error) from error


def parcel_number(number: str, path: str) -> str:
    """Give a tracking number in the one writing that all share; raises Rejected where nothing is left of it."""
    normal = tracking_number(number)
    if not normal:
        raise Rejected(f"found {shown(number)}; expected a tracking number", code="invalid", path=path)
    return normal
