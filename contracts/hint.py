"""A hint: a system says that something of its own changed. It wakes whoever reads that system, and tells no more."""

from typing import NamedTuple

from pydantic import Field

from contracts.model import Contract


class Named(NamedTuple):
    """What a hint points at: a kind of document, its id at the system, its name; each may be empty."""

    kind: str = ""
    remote: str = ""
    document: str = ""


ANYTHING = Named()
"""Whatever changed since it was last looked."""


class Hint(Contract):
    """A wake-up call for the poller or target of this name: it reads at once what the hint points at.

    Nothing of it reaches a document: what counts is what is then read. So it may come twice, late, or not at all,
    which the next poll makes up for. kind: a document's, as events name it. remote: its id at the system. document: its
    name. With neither id nor name, whoever is woken looks for all that changed.
    """

    account: str = Field(min_length=1, max_length=63)
    kind: str = Field(default="", max_length=64)
    remote: str = Field(default="", max_length=256)
    document: str = Field(default="", max_length=256)

    @property
    def named(self) -> Named:
        """What it points at; a kind alone leads nowhere."""
        names_one = self.kind and (self.remote or self.document)
        return Named(self.kind, self.remote, self.document) if names_one else ANYTHING
