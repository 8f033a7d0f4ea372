"""What is well formed and yet cannot be meant: unknown connectors and zones, missing secrets, a port twice."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from connectors import registry
from contracts.errors import Rejected
from contracts.settings import SecretFrom, Settings
from desk.configuration.file import ConfigurationFile
from desk.configuration.hints import hints_to_nobody
from desk.configuration.mistakes import Location, Mistake, nearest
from desk.configuration.policy import holidays_soon_unknown, unknown_names
from desk.configuration.trackers import mistaken_trackers
from desk.configuration.zones import mistaken_zone

_NAMED = re.compile(r"`([^`]+)`")
Found = Iterator[tuple[Location, str]]
CONNECTORS: Mapping[str, Mapping[str, object]] = {
    "sources": registry.SOURCES,
    "pollers": registry.POLLERS,
    "targets": registry.TARGETS,
    "trackers": registry.TRACKERS,
}
_CARRIED = {
    "notices": ("notice_fields", "notices to customers"),
    "statuses": ("status_fields", "status beside orders"),
    "steps": ("step_fields", "steps of deliveries"),
}


def mistakes_in_meaning(settings: Settings, file: ConfigurationFile, today: date) -> list[Mistake]:
    """Find what no model can: each with its line."""
    checks = (
        _connectors(settings),
        _options(settings, file),
        _carried(settings),
        _reopened(settings),
        _zones(settings),
        _ports(settings),
        _folders(settings),
        _carriers(settings),
        _replication(settings),
        _database(settings, file),
        _filled_in_the_policy(file),
        mistaken_trackers(settings),
        unknown_names(settings),
    )
    wrong = _at_their_lines(chain.from_iterable(checks), file)
    doubtful = chain(_unsigned_sources(settings), hints_to_nobody(settings), holidays_soon_unknown(settings, today))
    return wrong + [replace(mistake, is_warning=True) for mistake in _at_their_lines(doubtful, file)]


def unreadable_secrets(settings: Settings, file: ConfigurationFile) -> list[Mistake]:
    """Find the secrets that cannot be read here: a mistake for the roles that need them."""
    return _at_their_lines(_secrets(settings, ()), file)


def _at_their_lines(found: Iterable[tuple[Location, str]], file: ConfigurationFile) -> list[Mistake]:
    return [Mistake(file.place(path), text, path, file.line(path)) for path, text in found]


def _connectors(settings: Settings) -> Found:
    for kind, known in CONNECTORS.items():
        for position, account in enumerate(getattr(settings, kind)):
            if account.connector in known:
                continue
            path = (kind, position, "connector")
            elsewhere = [other for other, names in CONNECTORS.items() if account.connector in names]
            if elsewhere:
                yield path, f"{account.connector!r} belongs under `{elsewhere[0]}`, not under `{kind}`"
            else:
                yield path, f"unknown connector {account.connector!r}{nearest(account.connector, known)}"


def _options(settings: Settings, file: ConfigurationFile) -> Found:
    """Ask each account's connector about it; the line is that of the option it names."""
    for kind in CONNECTORS:
        for position, account in enumerate(getattr(settings, kind)):
            check = getattr(CONNECTORS[kind].get(account.connector), "check", None)
            try:
                if check is not None:
                    check(account)
            except Rejected as error:
                here = (kind, position)
                places: list[Location] = [(*here, *error.path.removeprefix("$.").split("."))]
                named = _NAMED.findall(error.reason)
                places += [(*here, section, name) for name in named for section in ("options", "fields")]
                yield next(filter(file.has, places), here), error.reason.removeprefix(f"{error.path}: ")


def _carried(settings: Settings) -> Found:
    """Find what an account asks for that its target does not carry."""
    for position, account in enumerate(settings.targets):
        target = registry.TARGETS.get(account.connector)
        for setting, (needed, what) in _CARRIED.items():
            if target is not None and getattr(account, setting) and getattr(target, needed) is None:
                able = ", ".join(sorted(name for name, one in registry.TARGETS.items() if getattr(one, needed)))
                yield ("targets", position, setting), f"{account.connector} carries no {what}; these do: {able}"


def _reopened(settings: Settings) -> Found:
    """Find accounts whose closed records are to be opened again where the target cannot do that."""
    for position, account in enumerate(settings.targets):
        target = registry.TARGETS.get(account.connector)
        if account.when_closed == "reopen" and target is not None and not target.reopens:
            able = ", ".join(sorted(name for name, one in registry.TARGETS.items() if one.reopens))
            yield ("targets", position, "when_closed"), f"{account.connector} opens nothing again; these do: {able}"


def _zones(settings: Settings) -> Found:
    for kind in ("sources", "pollers"):
        for position, account in enumerate(getattr(settings, kind)):
            if (mistake := mistaken_zone(account.zone)) is not None:
                yield (kind, position, "zone"), mistake


def _secrets(section: BaseModel, path: Location) -> Found:
    for name in type(section).model_fields:
        value = getattr(section, name)
        for here, part in _parts(value, (*path, name)):
            if isinstance(part, SecretFrom):
                try:
                    part.read()
                except Rejected as error:
                    yield here, error.reason
            elif isinstance(part, BaseModel):
                yield from _secrets(part, here)


def _parts(value: object, path: Location) -> Iterable[tuple[Location, object]]:
    if isinstance(value, tuple):
        return [((*path, position), part) for position, part in enumerate(value)]
    return [(path, value)]


def _ports(settings: Settings) -> Found:
    taken: dict[int, str] = {}
    for role in type(settings.listen).model_fields:
        port = getattr(settings.listen, role).port
        if port and port in taken:
            yield ("listen", role, "port"), f"{port} is the port of {taken[port]} already; 0 takes a free one"
        taken.setdefault(port, role)


def _folders(settings: Settings) -> Found:
    """Two accounts that watched one folder would take each other's files."""
    taken: dict[Path, str] = {}
    for position, account in enumerate(settings.sources):
        if account.folder is None:
            continue
        first = taken.setdefault(account.folder.path.resolve(), account.name)
        if first != account.name:
            yield ("sources", position, "folder", "path"), f"{account.folder.path} is the folder of {first!r} already"


def _carriers(settings: Settings) -> Found:
    names: dict[str, str] = {}
    for carrier, others in settings.policy.carriers.items():
        for other in (carrier, *others):
            first = names.setdefault(other.casefold(), carrier)
            if first != carrier:
                yield ("policy", "carriers", carrier), f"{other!r} is a name of {first!r} already"


def _replication(settings: Settings) -> Found:
    if settings.kafka.replication > 1 and settings.kafka.bootstrap is None:
        text = "found more than 1 and no `bootstrap`: the broker that `up` starts is a single one"
        yield ("kafka", "replication"), text


def _database(settings: Settings, file: ConfigurationFile) -> Found:
    if settings.database is None:
        return
    try:
        url = make_url(settings.database.get_secret_value())
    except ArgumentError:
        yield ("database",), "is not an SQLAlchemy URL such as postgresql://user@host/quayside"
        return
    if url.password and file.has(("database",)):
        yield ("database",), "holds a password; put the URL into a variable or file and name it in `database_secret`"


def _filled_in_the_policy(file: ConfigurationFile) -> Found:
    for kind in ("pollers", "trackers"):
        if file.has(("policy", kind)):
            yield ("policy", kind), f"is filled from the accounts under `{kind}`; leave it out"


def _unsigned_sources(settings: Settings) -> Found:
    for position, account in enumerate(settings.sources):
        if account.is_pushed_to and not (account.secrets or account.token):
            text = f"anybody can send as {account.name!r}: give it `secrets`, or a `token` where its sender cannot sign"
            yield ("sources", position), text
