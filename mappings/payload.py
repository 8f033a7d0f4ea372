"""Reading what a vendor sends: models that forgive how it writes text."""

from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema
from pydantic_core.core_schema import (
    chain_schema,
    no_info_plain_validator_function,
    none_schema,
    union_schema,
)

from contracts.errors import Rejected
from contracts.identity import tracking_number
from contracts.model import Contract, rejection, shown


class _EmptyForNull:
    """Takes null for no text. Only null costs a call of Python's: there are dozens of texts in a payload."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's own
        null = chain_schema([none_schema(), no_info_plain_validator_function(lambda _: "")])
        return union_schema(
            [handler(source), null],
            mode="left_to_right",
            custom_error_type="string_type",
        )


Text = Annotated[str, _EmptyForNull()]
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
