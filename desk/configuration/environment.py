"""What the environment overrides: `QUAYSIDE_` and the setting's path, its steps joined by two underscores.

`QUAYSIDE_BROKER` is the short name of `kafka.bootstrap`. A variable with two underscores in it that names no setting
is a mistake, not a whim: it would otherwise be ignored in silence.
"""

from collections.abc import Mapping

from contracts.settings import Settings
from desk.configuration.mistakes import Location, Mistake, nearest

PREFIX = "QUAYSIDE_"
BROKER = "QUAYSIDE_BROKER"
CONFIG = "QUAYSIDE_CONFIG"
STEP = "__"


def variable_of(path: Location, environ: Mapping[str, str]) -> str | None:
    """Give the variable that says the setting at `path`, or something around it, if one does."""
    names = {name.upper(): name for name in environ}
    for length in range(len(path), 0, -1):
        if path[:length] == ("kafka", "bootstrap") and environ.get(BROKER):
            return BROKER
        name = PREFIX + STEP.join(str(step).upper() for step in path[:length])
        if name in names:
            return names[name]
    return None


def broker_of(environ: Mapping[str, str]) -> dict[str, object]:
    """Give what `QUAYSIDE_BROKER` says, as a part of the settings."""
    found = environ.get(BROKER)
    return {"kafka": {"bootstrap": found}} if found else {}


def mistaken_variables(environ: Mapping[str, str]) -> list[Mistake]:
    """Find the variables that look like settings and are none."""
    mistakes = []
    for name in sorted(environ):
        section, step, _ = name.upper().removeprefix(PREFIX).partition(STEP)
        if not (name.upper().startswith(PREFIX) and step) or section.lower() in Settings.model_fields:
            continue
        text = f"unknown section {section.lower()!r}{nearest(section, Settings.model_fields)}"
        mistakes.append(Mistake(name, text))
    other = environ.get("QUAYSIDE_KAFKA__BOOTSTRAP", "")
    if other and environ.get(BROKER, other) != other:
        text = f"says {environ[BROKER]!r}, and QUAYSIDE_KAFKA__BOOTSTRAP {other!r}: one is enough"
        mistakes.append(Mistake(BROKER, text))
    return mistakes
