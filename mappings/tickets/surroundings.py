"""The delivery around a task, a notice or an order, by canonical name, as text in one language."""

from collections.abc import Sequence
from datetime import datetime

from contracts.envelope import write_time
from contracts.snapshot import ParcelView, View
from mappings.tickets.wording import STATUSES, Language, customer_of, one_line, scan, window, zone_of


def around(view: View | None, parcels: Sequence[ParcelView], language: Language) -> dict[str, str]:
    """Say what stands in all of them. parcels: those that it is about."""
    promised = view.promised if view else None
    newest = _newest(parcels)
    coming = [parcel.eta for parcel in parcels if parcel.eta and not (parcel.status and parcel.status.is_final)]
    return {
        "reference": one_line(view.reference) if view else "",
        "customer": customer_of(view),
        "customer_name": one_line(view.customer_name) if view else "",
        "customer_number": one_line(view.customer) if view else "",
        "status": view.status.value if view else "",
        "status_text": STATUSES[language][view.status] if view else "",
        "promised": window(promised),
        "promised_by": instant(promised.closes if promised else None),
        "promised_day": promised.last_day().isoformat() if promised else "",
        "eta": instant(max(coming, default=None)),
        "parcel": ", ".join(one_line(parcel.number) for parcel in parcels),
        "carrier": ", ".join(dict.fromkeys(one_line(parcel.carrier) for parcel in parcels if parcel.carrier)),
        "last_scan": scan(newest, zone_of(view)),
        "last_scan_at": instant(newest.last_scan_at if newest else None),
        "last_scan_text": one_line(newest.last_scan_text) if newest else "",
        "last_location": one_line(newest.last_location) if newest else "",
    }


def parcels_of(view: View | None) -> tuple[ParcelView, ...]:
    """Give an order's parcels."""
    return view.parcels if view else ()


def instant(at: datetime | None) -> str:
    """Write an instant for machines; one that is not known is empty."""
    return write_time(at).decode() if at else ""


def _newest(parcels: Sequence[ParcelView]) -> ParcelView | None:
    scanned = [(parcel.last_scan_at, parcel.number, parcel) for parcel in parcels if parcel.last_scan_at]
    return max(scanned, key=lambda found: found[:2])[2] if scanned else None
