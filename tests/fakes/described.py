"""A vendor's description of its requests, as JSON Schema: strict about what it does not name.

Only what we send is described, written from the vendor's pages; a request of which nothing is described is wrong, too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from tests.fakes.serving import Request

Schema = Mapping[str, Any]
TEXT: Schema = {"type": "string"}


def closed(properties: Mapping[str, Any], *required: str) -> Schema:
    """An object that has these properties and no others."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


@dataclass(frozen=True)
class Described:
    """One request. path: a regular expression of the whole path. page: where it stands."""

    method: str
    path: str
    page: str
    params: Schema = field(default_factory=lambda: closed({}))
    body: Schema | None = None


def violation(described: Sequence[Described], request: Request) -> str:
    """Say what is wrong with a request; empty where nothing is."""
    here = f"{request.method} {request.path}"
    one = next((it for it in described if it.method == request.method and re.fullmatch(it.path, request.path)), None)
    if one is None:
        return f"{here}: no page that we follow knows it"
    problems = [error.message for error in Draft202012Validator(one.params).iter_errors(dict(request.params))]
    if one.body is None:
        problems += ["a body, where none is taken"] if request.body else []
    else:
        told = json.loads(request.body) if request.body else None
        problems += [
            f"{error.json_path}: {error.message}" for error in Draft202012Validator(one.body).iter_errors(told)
        ]
    return f"{here} ({one.page}): {'; '.join(problems)}" if problems else ""
