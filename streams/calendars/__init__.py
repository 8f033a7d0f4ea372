"""Working calendars: when people work, where, and what so much working time after an instant is.

    office = ((9 * 60, 18 * 60),)
    calendar = Calendar("Asia/Shanghai", (office,) * 5 + ((), ()), make_up=office, country="CN")
    add_working(reported_at, timedelta(hours=24), calendar)

A policy says which calendar counts for whom, and what counts by it: `later(policy, kind, since, span)`.

All of it is pure. Public holidays and make-up working days come from the libraries `chinesecalendar` (mainland China)
and `holidays` (other countries and their regions); what they do not know is counted and logged when it is first asked.
"""

from streams.calendars.arithmetic import add_working, add_working_days, next_working_instant, working_between
from streams.calendars.calendar import ALL_DAY, Calendar, Shift
from streams.calendars.counting import calendar_of, later

__all__ = [
    "ALL_DAY",
    "Calendar",
    "Shift",
    "add_working",
    "add_working_days",
    "calendar_of",
    "later",
    "next_working_instant",
    "working_between",
]
