"""Which files a connector of each kind has, and what its author does next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["source", "poller", "target"]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a connector of a kind consists of.

    files: the template of each file, by its path from the checkout's folder, with `{module}` and `{name}` in it.
    listed: the registry's list; package: where its record stands. mapping, test: its parts in words.
    """

    files: Mapping[str, str]
    listed: str
    package: str
    test: str
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
        },
        listed="SOURCES",
        package="connectors.sources",
        test="tests/connectors/sources/test_{module}.py",
        guide="docs/how-to/add-a-carrier.md",
        next_step="read the vendor's pages, then write the payloads and what must follow from them",
    ),
    "poller": Parts(
        files={
            "mappings/erp/{module}.py": "mapping",
            "connectors/pollers/{module}.py": "record",
            "tests/connectors/pollers/test_{module}.py": "test",
            "tests/mappings/erp/{name}/README.md": "fixtures",
        },
        listed="POLLERS",
        package="connectors.pollers",
        test="tests/connectors/pollers/test_{module}.py",
        guide="docs/how-to/add-a-poller-or-target.md",
        next_step="read the vendor's pages, then write readings and a fake that keeps state (tests/fakes)",
    ),
    "target": Parts(
        files={
            "mappings/tickets/{module}.py": "mapping",
            "connectors/targets/{module}.py": "record",
            "tests/connectors/targets/test_{module}.py": "test",
        },
        listed="TARGETS",
        package="connectors.targets",
        test="tests/connectors/targets/test_{module}.py",
        guide="docs/how-to/add-a-poller-or-target.md",
        next_step="read the vendor's pages, then write a fake that keeps state (tests/fakes)",
    ),
}
