"""A mistake in the configuration, told so that it can be mended without looking anything up."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Location = tuple[int | str, ...]
"""Where a setting stands: `("sources", 0, "name")`."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. place: `FILE:LINE` or the variable's name; path: the setting; a warning does not stop anything."""

    place: str
    text: str
    path: Location = ()
    line: int = 0
    is_warning: bool = False

    def __str__(self) -> str:
        """Write it as compilers do, so that editors find the line."""
        setting = f"{written(self.path)}: " if self.path else ""
        return f"{self.place}: {'warning: ' if self.is_warning else ''}{setting}{self.text}"


def written(path: Location) -> str:
    """Write a path as it is read: `sources[0].name`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def nearest(found: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, and which there are."""
    names = sorted(known)
    return f"{meant(found, names)} (known here: {', '.join(names)})" if names else ""


def meant(found: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant: `; did you mean 'kafka'?`, or nothing."""
    by_folded = {name.casefold(): name for name in known}
    likely = difflib.get_close_matches(found.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[likely[0]]!r}?" if likely else ""
