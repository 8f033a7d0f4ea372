"""Where a connector is listed: in connectors/registry.py, its import and its name, both sorted; and in docs/how-to."""

import re

from contracts.errors import Rejected

LINE_LIMIT = 120
_IMPORT = re.compile(r"^from (\S+) import .+$", re.MULTILINE)


def with_connector(registry: str, listed: str, module: str, constant: str) -> str:
    """Give the registry's text with a connector more. listed: the list; module, constant: where its record stands.

    Raises Rejected where the text is not the registry's as we know it.
    """
    return _listed(_imported(registry, module, constant), listed, constant)


def with_page(listing: str, page: str, words: str, behind: str) -> str:
    """Give the text of docs/how-to/README.md with a page more. page, behind: files; words: what it says how to do.

    Raises Rejected where the page behind which it is to stand is not listed, or where it is listed itself.
    """
    if f"]({page})" in listing:
        raise Rejected(f"docs/how-to/README.md lists {page} already; nothing was written", code="exists")
    found = re.search(rf"^- \[[^\n]+\]\({re.escape(behind)}\)\n", listing, re.MULTILINE)
    if found is None:
        raise Rejected(f"docs/how-to/README.md does not list {behind}, behind which {page} stands", code="bad_listing")
    return listing[: found.end()] + f"- [{words}]({page})\n" + listing[found.end() :]


def _imported(registry: str, module: str, constant: str) -> str:
    line = f"from {module} import {constant}\n"
    behind = [found for found in _IMPORT.finditer(registry) if found[1] > module and found[1].startswith("con")]
    if not behind:
        raise Rejected("connectors/registry.py has no import behind which a connector could stand", code="bad_registry")
    at = behind[0].start()
    return registry[:at] + line + registry[at:]


def _listed(registry: str, listed: str, constant: str) -> str:
    found = re.search(rf"^({listed}: .+? = _by_name)\((.*?)\)$", registry, re.MULTILINE | re.DOTALL)
    if found is None:
        raise Rejected(f"connectors/registry.py has no list {listed}", code="bad_registry")
    names = sorted({constant, *re.findall(r"\w+", found[2])})
    line = f"{found[1]}({', '.join(names)})"
    if len(line) > LINE_LIMIT:
        line = f"{found[1]}(\n" + "".join(f"    {name},\n" for name in names) + ")"
    return registry[: found.start()] + line + registry[found.end() :]
