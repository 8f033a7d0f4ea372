"""A policy in a file of its own, or the one that a configuration holds."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from contracts.errors import Rejected
from contracts.policy import Policy
from contracts.settings import Settings
from desk.configuration.explain import explained
from desk.configuration.file import ConfigurationFile, read_file
from desk.configuration.mistakes import Location, Mistake
from desk.configuration.policy import unknown_names


def read_policy(path: Path, settings: Settings | None = None) -> Policy:
    """Read it; raises Rejected with each mistake and its line.

    settings: those with which it would count. What it names must be among them, and their polled accounts and trackers
    are its own.
    """
    file = read_file(path)
    if file.mistakes:
        raise Rejected(str(file.mistakes[0]), code="bad_policy")
    section: Location = ("policy",) if "policy" in file.values else ()
    try:
        policy = Policy.model_validate(file.values["policy"] if section else file.values)
    except ValidationError as error:
        raise _rejected(_mistake(file, section, *found) for found in explained(error, ("policy",))) from error
    if settings is None:
        return policy
    counted = settings.model_copy(update={"policy": policy})
    if mistakes := [_mistake(file, section, found, text) for found, text in unknown_names(counted)]:
        raise _rejected(mistakes)
    known = settings.policy
    return policy.model_copy(update={"pollers": known.pollers, "trackers": known.trackers})


def _rejected(mistakes: Iterable[Mistake]) -> Rejected:
    return Rejected("\n".join(map(str, mistakes)), code="bad_policy")


def _mistake(file: ConfigurationFile, section: Location, found: Location, text: str) -> Mistake:
    return Mistake(file.place((*section, *found[1:])), text, found)
