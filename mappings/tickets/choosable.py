"""Which of a system's fields an account may choose (`TargetAccount.fields`), where names alone tell what is one."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from contracts.errors import Rejected


@dataclass(frozen=True, slots=True)
class Choosable:
    """A system's fields, by name.

    noun: what the system calls a field. pattern: of all their names, each as a whole. otherwise: what any other name
    is, as a sentence goes on. meaning: whose meaning those have that follow the pattern and are not to be chosen.
    """

    noun: str
    pattern: re.Pattern[str]
    otherwise: str
    meaning: str = "Quayside uses it itself"

    def check(self, name: str, *, is_reserved: bool) -> None:
        """Raise Rejected where no field has this name, or where it is reserved."""
        if not self.pattern.fullmatch(name):
            raise Rejected(f"`{name}` is {self.otherwise}", code="bad_field")
        if is_reserved:
            raise Rejected(f"the {self.noun} `{name}` is not to be chosen: {self.meaning}", code="bad_field")


@dataclass(frozen=True, slots=True)
class OwnOrCustom:
    """A system's fields where some are a record's own and the others custom ones.

    record: what the system calls a record, with its article. own: the names of its own fields. custom: the pattern of
    the others' names, each as a whole. expected: what such a name is, as a sentence goes on.
    """

    record: str
    own: frozenset[str]
    custom: re.Pattern[str]
    expected: str

    def check(self, name: str, kept: Collection[str]) -> None:
        """Raise Rejected where no field has this name, or where it is kept: an option chooses it."""
        if name in kept:
            raise Rejected(f"the field `{name}` is chosen by an option already", code="bad_field")
        if name not in self.own and not self.custom.fullmatch(name):
            told = f"{self.record} has no field `{name}`; expected {', '.join(sorted(self.own))} or {self.expected}"
            raise Rejected(told, code="bad_field")
