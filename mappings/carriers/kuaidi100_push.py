"""Kuaidi100 (快递100): the field `param` of a push, as far as it is read.

Source: "推送接口", section 2 of https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c.
"""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from contracts.model import Contract

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""Text that the vendor sends as null where it has none, and as a number where it looks like one."""


class Row(Contract):
    """One scan as it is sent. ftime: the formatted time; time: the carrier's own writing of it."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    context: Text = ""
    time: Text = ""
    ftime: Text = ""
    status: Text = ""
    status_code: Text = Field(default="", alias="statusCode")
    area_name: Text = Field(default="", alias="areaName")
    location: Text = ""


class Result(Contract):
    """What one country's carrier tells of the parcel."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    state: Text = ""
    com: Text = ""
    nu: Text = ""
    data: tuple[Row, ...] = ()


class Push(Contract):
    """The field `param` of a push."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    status: str
    message: Text = ""
    auto_check: Text = Field(default="", alias="autoCheck")
    com_new: Text = Field(default="", alias="comNew")
    last_result: Result = Field(alias="lastResult")
    dest_result: Result | None = Field(default=None, alias="destResult")
