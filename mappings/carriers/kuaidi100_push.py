"""Kuaidi100 (快递100): the field `param` of a push, as far as it is read.

Source: "推送接口", section 2 of https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c.
"""

from pydantic import Field

from mappings.payload import Payload, Text


class Row(Payload):
    """One scan as it is sent. ftime: the formatted time; time: the carrier's own writing of it."""

    context: Text = ""
    time: Text = ""
    ftime: Text = ""
    status: Text = ""
    status_code: Text = Field(default="", alias="statusCode")
    area_name: Text = Field(default="", alias="areaName")
    location: Text = ""


class Result(Payload):
    """What one country's carrier tells of the parcel."""

    state: Text = ""
    com: Text = ""
    nu: Text = ""
    data: tuple[Row, ...] = ()


class Push(Payload):
    """The field `param` of a push."""

    status: str
    message: Text = ""
    auto_check: Text = Field(default="", alias="autoCheck")
    com_new: Text = Field(default="", alias="comNew")
    last_result: Result = Field(alias="lastResult")
    dest_result: Result | None = Field(default=None, alias="destResult")
