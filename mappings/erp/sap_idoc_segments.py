"""The segments of an IDoc that are read, with SAP's own names; all others, and all other fields, are ignored.

Basic types ORDERS05 and DELVRY07, as the field lists of their segments give them
(https://www.sapdatasheet.org/abap/tabl/e1edp01.html and those beside it;
https://beyondse16.com/2020/04/16/complete-field-list-of-e1edk01-idoc-document-header-general-data-2/). Every field is
text of a fixed length over there: a date is YYYYMMDD, a time HHMMSS, and zeros are an empty one.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from mappings.erp.readings import Amount, of_our_time
from mappings.payload import Payload


def _stripped(value: object) -> object:
    return "" if value is None else value.strip() if isinstance(value, str) else value


def _day(value: object) -> object:
    if not isinstance(value, str) or not value.strip("0 "):
        return None if isinstance(value, str) or value is None else value
    try:
        return datetime.strptime(value.strip(), "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as error:
        raise ValueError("expected YYYYMMDD") from error


def _clock(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        return None if isinstance(value, str) or value is None else value
    try:
        return datetime.strptime(value.strip(), "%H%M%S").time()  # noqa: DTZ007 - the account's zone
    except ValueError as error:
        raise ValueError("expected HHMMSS") from error


Text = Annotated[str, BeforeValidator(_stripped)]
Day = Annotated[date | None, BeforeValidator(_day), AfterValidator(of_our_time)]
Clock = Annotated[time | None, BeforeValidator(_clock)]
Number = Annotated[Amount, BeforeValidator(_stripped)]


class Control(Payload):
    """`EDI_DC40`, the control record: which IDoc it is, of what message, made when, sent by whom."""

    DOCNUM: Text = Field(min_length=1)
    MESTYP: Text = Field(min_length=1)
    SNDPRN: Text = ""
    CREDAT: Annotated[date, BeforeValidator(_day), AfterValidator(of_our_time)]
    CRETIM: Annotated[time, BeforeValidator(_clock)]


class OrderHead(Payload):
    """`E1EDK01`, an order's head. ACTION: what becomes of it."""

    ACTION: Text = ""
    BELNR: Text = ""


class Dated(Payload):
    """`E1EDK03` and `E1EDP03`: a date and what it is of."""

    IDDAT: Text = ""
    DATUM: Day = None


class Referenced(Payload):
    """`E1EDK02`: a document's number at a partner (QUALF 001: the customer's; 002: the supplier's)."""

    QUALF: Text = ""
    BELNR: Text = ""


class OrderPartner(Payload):
    """`E1EDKA1`, a partner of an order (PARVW AG: sold-to party; WE: ship-to party). ISOAL: the country's ISO code."""

    PARVW: Text = ""
    PARTN: Text = ""
    NAME1: Text = ""
    ORT01: Text = ""
    PSTLZ: Text = ""
    LAND1: Text = ""
    ISOAL: Text = ""


class Terms(Payload):
    """`E1EDK17`: terms of delivery (QUALF 001: the Incoterms' code)."""

    QUALF: Text = ""
    LKOND: Text = ""


class Called(Payload):
    """`E1EDP19`: what an item is called (QUALF 001: by the customer; 002: by the supplier; 003: its GTIN)."""

    QUALF: Text = ""
    IDTNR: Text = ""
    KTEXT: Text = ""


class ScheduleLine(Payload):
    """`E1EDP20`, a schedule line: so much of the item's unit by a date."""

    WMENG: Number = Decimal(0)
    EDATU: Day = None


class OrderItem(Payload):
    """`E1EDP01`, an item. POSEX: its number; MENEE: the unit's ISO code; ABGRU: why it was rejected."""

    POSEX: Text = Field(min_length=1)
    ACTION: Text = ""
    MENGE: Number
    MENEE: Text = Field(min_length=1)
    ABGRU: Text = ""
    MATNR: Text = ""
    E1EDP03: tuple[Dated, ...] = ()
    E1EDP19: tuple[Called, ...] = ()
    E1EDP20: tuple[ScheduleLine, ...] = ()


class Purpose(Payload):
    """`E1EDL18`: what is to be done with a delivery."""

    QUALF: Text = ""


class Partner(Payload):
    """`E1ADRM1`, a partner of a delivery (PARTNER_Q SP: the forwarding agent)."""

    PARTNER_Q: Text = ""
    PARTNER_ID: Text = ""
    NAME1: Text = ""


class Deadline(Payload):
    """`E1EDT13`, a deadline of a delivery. NTANF, NTANZ: planned; ISDD, ISDZ: actual."""

    QUALF: Text = ""
    NTANF: Day = None
    NTANZ: Clock = None
    ISDD: Day = None
    ISDZ: Clock = None


class Preceding(Payload):
    """`E1EDL43`, a document that an item refers to (QUALF C: a sales order)."""

    QUALF: Text = ""
    BELNR: Text = ""
    POSNR: Text = ""


class DeliveryItem(Payload):
    """`E1EDL24`, an item of a delivery. VRKME: the unit's ISO code; VGBEL, VGPOS: the order's item that it serves."""

    POSNR: Text = Field(min_length=1)
    MATNR: Text = ""
    ARKTX: Text = ""
    LFIMG: Number
    VRKME: Text = ""
    VGBEL: Text = ""
    VGPOS: Text = ""
    E1EDL43: tuple[Preceding, ...] = ()


class HandlingUnit(Payload):
    """`E1EDL37`, a handling unit. EXIDV: its mark, often an SSCC; EXIDV2: a second one."""

    EXIDV: Text = ""
    EXIDV2: Text = ""


class DeliveryHead(Payload):
    """`E1EDL20`, a delivery's head. BOLNR: bill of lading; TRAID: means of transport; LIFEX: number at the partner."""

    VBELN: Text = Field(min_length=1)
    BOLNR: Text = ""
    TRAID: Text = ""
    LIFEX: Text = ""
    E1EDL18: tuple[Purpose, ...] = ()
    E1ADRM1: tuple[Partner, ...] = ()
    E1EDT13: tuple[Deadline, ...] = ()
    E1EDL24: tuple[DeliveryItem, ...] = ()
    E1EDL37: tuple[HandlingUnit, ...] = ()


class Idoc(Payload):
    """One IDoc: its control record, and the segments of an order or of a delivery."""

    EDI_DC40: tuple[Control]
    E1EDK01: tuple[OrderHead, ...] = Field(default=(), max_length=1)
    E1EDK02: tuple[Referenced, ...] = ()
    E1EDK03: tuple[Dated, ...] = ()
    E1EDKA1: tuple[OrderPartner, ...] = ()
    E1EDK17: tuple[Terms, ...] = ()
    E1EDP01: tuple[OrderItem, ...] = ()
    E1EDL20: tuple[DeliveryHead, ...] = Field(default=(), max_length=1)

    @property
    def control(self) -> Control:
        """The control record, of which there is one."""
        return self.EDI_DC40[0]


class File(Payload):
    """What a body says: one IDoc, or several."""

    IDOC: tuple[Idoc, ...] = Field(min_length=1)
