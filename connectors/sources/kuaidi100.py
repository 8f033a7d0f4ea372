"""Kuaidi100 (快递100) pushes what its customers subscribed to.

It posts a form: `param`, JSON, and `sign`, if a salt was agreed at the subscription. It waits 20 s for its answer
(https://api.kuaidi100.com/document/timeout) and takes anything but `result: true` with `returnCode: "200"` as a
failure, to be told again up to 3 times, half an hour apart. Other return codes are the receiver's to define; 500 is the
one that its pages name.
"""

from datetime import date
from types import MappingProxyType

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import form_json
from connectors.signatures import md5_form_field
from contracts.connector import Source
from contracts.tracking import Coverage
from mappings.carriers import kuaidi100
from mappings.carriers.kuaidi100_codes import CODES

KUAIDI100 = Source(
    name="kuaidi100",
    title="Kuaidi100 (快递100) subscription push",
    documentation=(
        "https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c",
        "https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc",
        "https://api.kuaidi100.com/document/timeout",
    ),
    read_on=date(2026, 11, 21),
    read=form_json("param"),
    verify=md5_form_field(signed="param", sign="sign"),
    to_events=kuaidi100.to_events,
    acknowledge=json_reply({"result": True, "returnCode": "200", "message": "成功"}),
    refuse=json_refusal("message", {"result": False, "returnCode": "500"}),
    coverage=Coverage.SNAPSHOT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
