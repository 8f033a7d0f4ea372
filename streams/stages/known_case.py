"""What is kept of an after-sales case, and how it is stored."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from contracts.identity import digest
from contracts.model import read
from contracts.operator_action import OperatorAction
from contracts.service import CaseNote, ServiceCase
from streams.delivery.told import ToldFact
from streams.engine.stage import StateFormat
from streams.facts.feedback import Answer
from streams.stages.naming import Edition, Name, Naming

NO_ORDER: Name = ("", "")
"""Stands for the order of a version that names none."""


class KnownCase(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a case. body: its newest version as JSON, empty until one is told; answers by their id.

    naming: which version named which order last, as (account, order). versions: how many were told. told: operators'
    actions, by `KIND/ID`.
    """

    newest: Edition | None = None
    body: bytes = b""
    naming: Naming = Naming()
    versions: int = 0
    answers: dict[str, Answer] = {}
    judged_by: int = 0
    told: Mapping[str, ToldFact] = {}

    def case(self) -> ServiceCase | None:
        """The newest version; None where only people's answers came so far."""
        return read(ServiceCase, self.body) if self.body else None

    def actions(self) -> list[OperatorAction]:
        """What operators did, the undone and the undoing included."""
        return [read(OperatorAction, fact.body) for fact in self.told.values()]

    def with_version(self, case: ServiceCase) -> "KnownCase":
        """Add a version; one that is known changes nothing."""
        body = case.encode()
        edition = (case.version, digest(body, size=8))
        if edition in self.naming.editions:
            return self
        known = msgspec.structs.replace(
            self,
            naming=self.naming.with_edition(edition, [case.names_order or NO_ORDER]),
            versions=self.versions + 1,
        )
        if self.newest is not None and edition < self.newest:
            return known
        return msgspec.structs.replace(known, newest=edition, body=body)

    def named_since(self, case: ServiceCase) -> datetime:
        """Say since when its newest version, `case`, names the order that it names, or none, without a break."""
        return self.naming.since(case.names_order or NO_ORDER) or case.reported

    def note(self, case: ServiceCase, name: Name) -> CaseNote:
        """Write what an order is told of the newest version, `case`: all of it, or that it does not name the order."""
        account, order = name
        return CaseNote(
            account=account,
            order=order,
            id=f"{case.account}/{case.case}",
            version=case.version,
            case_edition=digest(self.body, size=8),
            versions=self.versions,
            about=case if case.names_order == name else None,
            named_since=self.named_since(case) if case.names_order == name else None,
        )


FORMAT: StateFormat[KnownCase] = StateFormat(
    number=1,
    encode=msgspec.msgpack.Encoder().encode,
    decode=msgspec.msgpack.Decoder(KnownCase).decode,
)
