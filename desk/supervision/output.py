"""The lines of several processes in one place, each with the name of who said it."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

_COLOURS = (36, 32, 35, 33, 34)
"""ANSI colours that are readable on dark and on light."""


def prefixed(names: Sequence[str], to: TextIO = sys.stdout) -> Callable[[str, str], None]:
    """Make a function that writes a line of `name`, with names in one column, coloured on a terminal."""
    width = max(map(len, names), default=0)
    coloured = to.isatty() and not os.environ.get("NO_COLOR")

    def write(name: str, line: str) -> None:
        label = f"{name:<{width}} |"
        if coloured and name in names:
            label = f"\x1b[{_COLOURS[names.index(name) % len(_COLOURS)]}m{label}\x1b[0m"
        to.write(f"{label} {line}\n")
        to.flush()

    return write
