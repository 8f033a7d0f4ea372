"""What a source's suite is told of its sender: `conformance.toml` in the folder of its fixtures.

    follows = "https://vendor.example/docs/webhooks, section 2"   # the pages by which the fixtures were written
    zone = "Europe/Berlin"                    # the account's, where local times need one
    secrets = ["the old one", "the new one"]  # where any text is not good enough
    rows = ["$.tracker.details"]              # JSON paths, in what was read, of lists that may be doubled and shuffled

    [content_types]                           # of fixtures that come with another than the scheme's
    batch = "application/cloudevents-batch+json"

    [options]                                 # the account's
    customer = "C-7"

    [accepted]                                # byte for byte, for the first fixture by name
    status = 200
    content_type = "application/json"
    body = '{"result":true}'

    [refused]                                 # REASON stands for the reason
    status = 401
    content_type = "application/json"
    body = '{"result":false,"message":"REASON"}'

    [payloads]                                # with one scan; the first is meant where none is named
    scan = '{"number": "1", "scans": [{"code": "{{CODE}}", "at": "{{TIME}}"}]}'

    [codes]
    rows = 36                                 # of the vendor's table, counted on its page
    separator = "/"                           # between {{CODE.0}} and {{CODE.1}}; a part that is not there is empty
    [[codes.unlisted]]                        # `told`: the codes that are counted; `code` alone, if left out
    code = "moving/backwards"
    status = "in_transit"
    told = ["moving/backwards"]

    [[times]]                                 # shows: instant, local, daylight_saving (twice) or date; of: scan or eta
    shows = "local"
    written = "2026-03-02 09:05"              # parts, if there are several, separated by |: {{TIME.0}} and {{TIME.1}}
    at = 2026-03-02T08:05:00Z
    precision = "local"
    zone_source = "account"

    [parcels]                                 # several in one push
    fixture = "three_parcels"
    numbers = ["1", "2", "3"]

    [not_applicable]                          # body_signature, codes, unlisted_codes, rows, instant, local, ...
    date = "each of its times is an instant (page above, section 3)"

`codes.tsv` beside it is the vendor's table: code, name, status, reason and owner, and, where there are such columns:
payload (in which of `payloads` the code stands), action_required and returning (`yes` or nothing), and why (a listed
code is unknown on purpose).
"""

import csv
import re
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.moment import Precision, ZoneSource
from contracts.tracking import TrackingStatus

FILE, TABLE = "conformance.toml", "codes.tsv"
HOW = "docs/how-to/add-a-carrier.md tells how"
_PLACE = re.compile(r"\{\{(CODE|TIME)(?:\.(\d))?\}\}")
Shown = Literal["instant", "local", "daylight_saving", "date"]
Clause = Literal[
    "body_signature", "codes", "unlisted_codes", "rows", "instant", "local", "daylight_saving", "date", "parcels"
]


class Part(BaseModel):
    """A part of the declaration; a name that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answered(Part):
    """An answer, byte for byte."""

    status: int
    content_type: str = "application/json"
    body: str = ""


class Unlisted(Part):
    """A code that the vendor's table does not list, what a scan with it is, and which codes are told as unknown."""

    code: str
    status: TrackingStatus = TrackingStatus.UNKNOWN
    told: tuple[str, ...] = ()


class Codes(Part):
    """How codes stand in a payload, and how many there are."""

    rows: int = Field(ge=1)
    separator: str = ""
    unlisted: tuple[Unlisted, ...] = (Unlisted(code="31337"),)


class Time(Part):
    """A time as its sender writes it, and what it means. zone: the account's; payload: in which of them it stands."""

    shows: Shown
    written: str
    at: datetime
    precision: Precision
    zone_source: ZoneSource
    of: Literal["scan", "eta"] = "scan"
    zone: str | None = None
    payload: str = ""


class Parcels(Part):
    """A fixture that tells of several parcels, and their numbers."""

    fixture: str
    numbers: tuple[str, ...] = Field(min_length=2)


class Declaration(Part):
    """The file."""

    follows: str = Field(min_length=10)
    accepted: Answered
    refused: Answered
    zone: str | None = None
    secrets: tuple[str, str] | None = None
    options: dict[str, str] = Field(default_factory=dict)
    content_types: dict[str, str] = Field(default_factory=dict)
    rows: tuple[str, ...] = ()
    payloads: dict[str, str] = Field(default_factory=dict)
    codes: Codes | None = None
    times: tuple[Time, ...] = ()
    parcels: Parcels | None = None
    not_applicable: dict[Clause, str] = Field(default_factory=dict)

    def applies(self, clause: Clause) -> bool:
        """Tell whether a clause of the suite is to be shown; one that is not has its reason in the file."""
        return clause not in self.not_applicable

    def payload(self, name: str = "", *, code: str = "", time: str = "") -> bytes:
        """Fill in a payload; its parts are those of the code and of the time."""
        assert self.payloads, f"{FILE}: [payloads] holds none with a scan in which codes and times could stand; {HOW}"
        text = self.payloads[name] if name else next(iter(self.payloads.values()))
        separator = self.codes.separator if self.codes else ""
        parts = {"CODE": code.split(separator) if separator else [code], "TIME": time.split("|")}
        whole = {"CODE": code, "TIME": time}

        def filled(place: re.Match[str]) -> str:
            what, part = place.groups()
            return whole[what] if part is None else "".join(parts[what][int(part) : int(part) + 1])

        return _PLACE.sub(filled, text).encode()


@cache
def read_declaration(folder: Path) -> Declaration:
    """Read the file of a folder; the test fails, saying what is missing, where it does not hold."""
    path = folder / FILE
    if not path.is_file():
        pytest.fail(f"{path} is missing: it tells what the suite must know of the sender; {HOW}", pytrace=False)
    try:
        return Declaration.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        pytest.fail(f"{path} does not hold: {error}", pytrace=False)


def read_codes(folder: Path) -> list[dict[str, str]]:
    """Read the vendor's table of codes: each row with what it was reviewed to mean."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))
