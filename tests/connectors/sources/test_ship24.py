"""Ship24: the suite of every source."""

from connectors.sources.ship24 import SHIP24
from tests.connectors.source_conformance import SourceConformance


class TestShip24(SourceConformance):
    source = SHIP24
