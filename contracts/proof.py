"""The proof of delivery: who took the goods, where and when.

Names follow UBL 2.3: Delivery (ActualDeliveryDate, ActualDeliveryTime, DeliveryLocation), Signature (SignatoryParty),
Consignment (TotalPackagesQuantity).
"""

from pydantic import Field, model_validator

from contracts.model import Contract
from contracts.moment import Instant, Moment


class ProofOfDelivery(Contract):
    """One proof, whole, of a parcel by its tracking number, or of what an order named itself received.

    A newer `version` of the same `id` of the same source replaces it, and a withdrawn one proves nothing. account: the
    order's where an order is named, else the receiving connector's. id: its sender's own; version: when its sender
    wrote it. Without a number it is of all goods of the order that had left before it, in parcels or not. packages: how
    many were handed over, where it says; references: of its document or image.
    """

    account: str = Field(min_length=1)
    source: str = Field(min_length=1)
    id: str = Field(min_length=1)
    version: Instant
    withdrawn: bool = False
    number: str = ""
    order: str = ""
    carrier: str = ""
    delivered: Moment
    signed_by: str = ""
    location: str = ""
    packages: int | None = Field(default=None, ge=0)
    references: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_of_something(self) -> "ProofOfDelivery":
        if not (self.number or self.order):
            raise ValueError("a proof of delivery names a parcel (number), an order, or both")
        return self
