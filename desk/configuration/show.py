"""The configuration as it takes effect, without secrets."""

import re
from typing import Any

import yaml

from contracts.settings import Settings

_USER_AND_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
_MASK = "***"


def show(settings: Settings) -> str:
    """Write the effective settings as YAML: defaults filled in, secrets as where they stand, never as what they are."""
    values = settings.model_dump(mode="json", exclude_none=True)
    if settings.database is not None:
        values["database"] = _MASK
    return yaml.safe_dump(_masked(values), allow_unicode=True, sort_keys=False)


def _masked(value: Any) -> Any:  # noqa: ANN401 any JSON value
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_masked(part) for part in value]
    return _USER_AND_PASSWORD.sub(f"{_MASK}@", value) if isinstance(value, str) else value
