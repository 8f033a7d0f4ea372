"""What a setting can depend on: whose order it is, where it goes, by which carriers, with which products."""

from typing import NamedTuple


class Matter(NamedTuple):
    """What a judgement is about. What is not known is empty.

    account: the ERP account. customer: its number there. country (ISO 3166-1 alpha-2), region (ISO 3166-2 without the
    country) and zone: the destination's. carriers: those of the parcels that it is about, as they were named.
    products: the codes of the products that it is about.
    """

    account: str = ""
    customer: str = ""
    country: str = ""
    region: str = ""
    zone: str = ""
    carriers: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()

    @property
    def destination(self) -> tuple[str, str, str]:
        """All that a working calendar depends on."""
        return self.country, self.region, self.zone
