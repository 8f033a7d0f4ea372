"""What a vendor's pages say of requests, as JSON Schema beside its fake: what they do not know is our mistake."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent / "schemas"


@cache
def _validator(vendor: str, what: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{vendor}.json").read_text(encoding="utf-8"))
    resource: Resource[Any] = Resource.from_contents(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    )
    registry: Registry[Any] = Registry().with_resource(vendor, resource)
    return Draft202012Validator({"$ref": f"{vendor}#/$defs/{what}"}, registry=registry)


def mistakes_of(vendor: str, what: str, sent: object) -> list[str]:
    """Say what is wrong with what was sent, by its path."""
    return [f"{what} {error.json_path}: {error.message}" for error in _validator(vendor, what).iter_errors(sent)]
