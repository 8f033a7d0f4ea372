"""Which files a connector of each kind has, and what its author does next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["source", "poller", "target"]
PAGE = "docs/how-to/{name}.md"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a connector of a kind consists of.

    files: the template of each file, by its path from the checkout's folder, with `{module}` and `{name}` in it; its
    page, `PAGE`, is one of every kind. listed: the registry's list; package: where its record stands. test: its suite.
    page_behind: behind which page of docs/how-to its own is listed. guide: the page that leads through the work.
    next_step: what comes first, in words.
    """

    files: Mapping[str, str]
    listed: str
    package: str
    test: str
    page_behind: str
    guide: str
    next_step: str


KINDS: Mapping[Kind, Parts] = {
    "source": Parts(
        files={
            "mappings/carriers/{module}.py": "mapping",
            "connectors/sources/{module}.py": "record",
            "tests/connectors/sources/test_{module}.py": "test",
            "tests/mappings/carriers/{name}/conformance.toml": "conformance",
            "tests/mappings/carriers/{name}/codes.tsv": "codes",
            PAGE: "page",
        },
        listed="SOURCES",
        package="connectors.sources",
        test="tests/connectors/sources/test_{module}.py",
        page_behind="carrier-accounts.md",
        guide="docs/how-to/add-a-carrier.md",
        next_step="read the vendor's pages, then write the payloads and what must follow from them",
    ),
    "poller": Parts(
        files={
            "mappings/erp/{module}.py": "mapping",
            "connectors/pollers/{module}.py": "record",
            "tests/connectors/pollers/test_{module}.py": "test",
            "tests/mappings/erp/{name}/README.md": "fixtures",
            "tests/fakes/{module}.py": "fake",
            PAGE: "page",
        },
        listed="POLLERS",
        package="connectors.pollers",
        test="tests/connectors/pollers/test_{module}.py",
        page_behind="yonyou.md",
        guide="docs/how-to/add-a-poller-or-target.md",
        next_step="read the vendor's pages, then write readings, and the fake that answers as the pages say",
    ),
    "target": Parts(
        files={
            "mappings/tickets/{module}.py": "mapping",
            "connectors/targets/{module}.py": "record",
            "tests/connectors/targets/test_{module}.py": "test",
            "tests/fakes/{module}.py": "fake",
            "tests/fakes/schemas/{module}.json": "published",
            PAGE: "page",
        },
        listed="TARGETS",
        package="connectors.targets",
        test="tests/connectors/targets/test_{module}.py",
        page_behind="zammad.md",
        guide="docs/how-to/add-a-poller-or-target.md",
        next_step="read the vendor's pages, then write what may be sent, and the fake that answers as they say",
    ),
}
