"""What a tracker's account may be told beside what every one is told."""

from typing import Annotated, TypeVar

from pydantic import Field

from contracts.errors import Rejected
from contracts.model import Contract, build
from contracts.settings import TrackerAccount


class TrackerOptions(Contract, extra="forbid"):
    """The options that every tracker has. timeout_seconds: how long one answer may take."""

    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 10.0


Options = TypeVar("Options", bound=TrackerOptions)


def options_of(account: TrackerAccount, model: type[Options]) -> Options:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    try:
        return build(model, **account.options)
    except Rejected as error:
        path = error.path.replace("$.", "$.options.", 1)
        raise Rejected(error.sentence, code=error.code, path=path) from error
