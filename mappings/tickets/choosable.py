"""Which of a system's fields an account may choose (`TargetAccount.fields`), where names alone tell what is one."""

import re
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
