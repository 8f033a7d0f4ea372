"""Markdown, written one way."""

from collections.abc import Iterable, Sequence

HEADER = "<!-- Generated from the code by `python -m desk.generate`. Change the code, not this page. -->"


def page(title: str, *parts: str) -> str:
    """Write a page: its title, then its parts, with a blank line between them."""
    return "\n\n".join([HEADER, f"# {title}", *(part.strip() for part in parts if part.strip())]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; cells may hold any text of one line."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def code(text: str) -> str:
    """Write as code; nothing stays nothing."""
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
