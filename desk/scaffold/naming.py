"""What a connector is called: `acme-parcel` in configuration, else `acme_parcel`, `AcmeParcel`, `ACME_PARCEL`."""

import re
from dataclasses import dataclass
from keyword import iskeyword

from contracts.errors import Rejected

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Name:
    """A connector's name."""

    name: str

    @property
    def module(self) -> str:
        """Its module."""
        return self.name.replace("-", "_")

    @property
    def constant(self) -> str:
        """Its record."""
        return self.module.upper()

    @property
    def camel(self) -> str:
        """Its classes."""
        return "".join(part.capitalize() for part in self.name.split("-"))

    @property
    def title(self) -> str:
        """How people may read it until somebody writes its real title."""
        return " ".join(part.capitalize() for part in self.name.split("-"))


def named(text: str) -> Name:
    """Read a name; raises Rejected where it cannot be one."""
    if not _NAME.fullmatch(text) or len(text) > LONGEST or iskeyword(text):
        expected = f"expected lower case letters, digits and hyphens, a letter first, at most {LONGEST} of them"
        raise Rejected(f"found {text!r}; {expected}", code="bad_name")
    return Name(text)
