"""SAP IDocs in XML: ORDERS05 becomes an order, DELVRY07 a goods issue.

The payload is what `connectors.reading_xml` makes of the file: `{"IDOC": [IDoc, …]}`, an IDoc an object of its segments
by name, each a list of objects of fields and inner segments. Which message an IDoc carries says MESTYP of its control
record, EDI_DC40, whatever its basic type:

    ORDRSP                  an order as SAP confirms it, which is how a sales order leaves it
    ORDERS                  an order that nobody has confirmed yet: a draft
    ORDCHG                  taken only where it deletes the order (ACTION 003), since it may hold only what changed
    DESADV, WHSORD, WHSCON, SHPORD, SHPCON
                            a delivery; of which step it tells, its segments say

The version is when the IDoc was made: CREDAT and CRETIM, in the account's zone, which is the system's, and within one
second the end of DOCNUM, which rises: a microsecond a number, until its last six digits begin anew. SAP tells no time
zone in an IDoc. Which IDocs there are for one document, and that a later one replaces it, is SAP's output control.

Sources: https://help.sap.com/saphelp_46c/helpdata/en/1a/0e3435539911d1898b0000e8322d00/content.htm (ACTION, deletion);
https://opus.tracelink.com/documentation/2024.6/en-US/api/prod-tracking-po/ (control record,
ORDERS05; beside it DELVRY).

Options of the account: `unit.NAME` (`mappings.erp.options`); `tracking` and `goods_issue` (`sap_idoc_delivery`);
`sender`: the partner number (SNDPRN) whose IDocs are taken, all unless it is given. Which direction an IDoc goes is not
looked at: a warehouse's confirmation goes to SAP, and tells what left all the same.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, shown
from contracts.settings import SourceAccount
from mappings.erp import options
from mappings.erp.sap_idoc_delivery import GOODS_ISSUE, TRACKING, check_tracking, goods_issue
from mappings.erp.sap_idoc_order import order
from mappings.erp.sap_idoc_segments import Control, File, Idoc
from mappings.instants import moment
from mappings.payload import read_payload

ToEvent = Callable[[Idoc, datetime, Context, str], tuple[Contract, tuple[str, ...]]]

MESSAGES: Mapping[str, ToEvent] = {
    "ORDERS": order,
    "ORDCHG": order,
    "ORDRSP": order,
    "DESADV": goods_issue,
    "WHSORD": goods_issue,
    "WHSCON": goods_issue,
    "SHPORD": goods_issue,
    "SHPCON": goods_issue,
}
"""By message type. Others travel in the same basic types (SHPMNT, DELINS, …) and are about something else."""

SENDER = "sender"
_OWN = frozenset({TRACKING, GOODS_ISSUE, SENDER})
_MILLION = 10**6


def check(account: SourceAccount) -> None:
    """Refuse options that are unknown or wrong; raises Rejected, naming the one at fault."""
    check_tracking(account.options)
    told = {name: value for name, value in account.options.items() if name not in _OWN}
    if options.DELIVERY_DAYS in told:
        raise Rejected(f"the option `{options.DELIVERY_DAYS}` is unknown: SAP promises the delivery", code="bad_option")
    options.check(told, _OWN)


def to_events(payload: object, context: Context) -> Mapped:
    """Map every IDoc of a file, all or none; raises Rejected with the JSON path of the first wrong value."""
    told = [_event(idoc, context, f"$.IDOC[{at}]") for at, idoc in enumerate(read_payload(File, payload).IDOC)]
    unknown = dict.fromkeys(code for _, codes in told for code in codes)
    return Mapped(tuple(event for event, _ in told), tuple(unknown))


def _event(idoc: Idoc, context: Context, path: str) -> tuple[Contract, tuple[str, ...]]:
    control = idoc.control
    mapping = MESSAGES.get(control.MESTYP)
    if mapping is None:
        reason = f"found {shown(control.MESTYP)}; expected one of {', '.join(MESSAGES)}"
        raise Rejected(reason, code="unknown_message", path=f"{path}.EDI_DC40[0].MESTYP")
    wanted = context.options.get(SENDER, control.SNDPRN)
    if wanted != control.SNDPRN:
        reason = f"found the sender {shown(control.SNDPRN)}; expected {wanted!r}, as the account's option says"
        raise Rejected(reason, code="another_sender", path=f"{path}.EDI_DC40[0].SNDPRN")
    return mapping(idoc, version_of(control, context, f"{path}.EDI_DC40[0]"), context, path)


def version_of(control: Control, context: Context, path: str) -> datetime:
    """Say when an IDoc was made; raises Rejected where the account names no zone."""
    made = moment(f"{control.CREDAT}T{control.CRETIM}", f"{path}.CREDAT", context.zone)
    number = control.DOCNUM
    within = int(number) % _MILLION if number.isascii() and number.isdigit() else 0
    return made.at + timedelta(microseconds=within)
