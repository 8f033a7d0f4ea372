"""What was expected is told in our words, whichever of pydantic's checks found it missing."""

from datetime import timedelta
from typing import Annotated, Any, get_args

import pytest
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from contracts.expected import WORDS, expected


def refuse(_: object) -> None:
    raise ValueError("it is too blue")


def test_each_error_that_has_words_is_one_that_pydantic_tells() -> None:
    assert set(WORDS) - set(get_args(ErrorType)) == {"path_type"}  # pydantic's own, beside those of its core


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (TypeAdapter(timedelta), "soon", "expected an ISO 8601 duration such as PT36H (36 hours) or P2D (two days)"),
        (TypeAdapter(int), "x", "expected a whole number"),
        (TypeAdapter(Annotated[int, Field(ge=1)]), 0, "expected at least 1"),
        (TypeAdapter(Annotated[str, Field(min_length=1)]), "", "expected at least 1 character"),
        (TypeAdapter(Annotated[str, Field(pattern="^a$")]), "b", "expected text that matches ^a$"),
        (TypeAdapter(Annotated[str, AfterValidator(refuse)]), "b", "it is too blue"),
    ],
)
def test_what_was_expected_is_told_without_a_library_s_words(kind: TypeAdapter[Any], value: object, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        kind.validate_python(value)
    [detail] = refused.value.errors(include_url=False)
    assert expected(detail) == words
