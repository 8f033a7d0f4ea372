"""A parameter of the command line that is no such value, told in our words instead of those of Typer's library."""

import typer
from pydantic import ValidationError

from contracts.expected import expected
from contracts.model import shown


def told(error: typer.BadParameter) -> str:
    """Say which parameter is wrong, what was found and what is expected."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return error.format_message()
    detail = cause.errors(include_url=False)[0]
    words = expected(detail).rstrip(".")
    found = "" if detail["type"] == "value_error" else f"found {shown(detail['input'])}; "
    return typer.BadParameter(f"{found}{words}", ctx=error.ctx, param=error.param).format_message()
