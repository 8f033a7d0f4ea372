"""What a policy names and does not have, and the public holidays that are not known to it."""

from collections.abc import Iterator
from datetime import date, timedelta

from contracts.policy import Counting, KindPolicy, Policy, WorkingCalendar
from contracts.policy.calendar import DESTINATION
from contracts.policy.kinds import Kinds
from contracts.settings import Settings
from desk.configuration.mistakes import Location, meant, nearest
from streams.calendars.public_holidays import ANNOUNCED, MAINLAND, Gap, countries, gap_of

LOOKS_AHEAD = timedelta(days=60)
"""How long before the known public holidays end a warning begins."""
Found = Iterator[tuple[Location, str]]


def unknown_names(settings: Settings) -> Found:
    """Find the calendars, product groups, accounts, countries and regions that are named and are none."""
    policy = settings.policy
    if policy.calendar and policy.calendar not in policy.calendars:
        yield ("policy", "calendar"), _unknown("calendar", policy.calendar, policy.calendars)
    for name, calendar in policy.calendars.items():
        yield from _unknown_places(("policy", "calendars", name), calendar)
    known = countries()
    accounts = {account.name for account in settings.pollers} | {account.name for account in settings.sources}
    for position, override in enumerate(policy.overrides):
        path: Location = ("policy", "overrides", position)
        when = override.when
        if override.calendar and override.calendar not in policy.calendars:
            yield (*path, "calendar"), _unknown("calendar", override.calendar, policy.calendars)
        if when.product_group and when.product_group not in policy.product_groups:
            yield (*path, "when", "product_group"), _unknown("group", when.product_group, policy.product_groups)
        if when.account and when.account not in accounts:
            yield (*path, "when", "account"), _unknown("account", when.account, accounts)
        if when.region and when.region not in known.get(when.country, [when.region]):
            yield (*path, "when", "region"), _unknown_region(when.country, when.region, known)
        if not (override.settings() or override.calendar or override.tolerance):
            text = "says nothing that differs; expected a `calendar`, a `tolerance`, or a kind with its settings"
            yield path, text


def holidays_soon_unknown(settings: Settings, today: date) -> Found:
    """Find the calendars that count and whose public holidays are not known, or will not be in 60 days."""
    policy = settings.policy
    if not _counts_working_time(policy):
        return
    in_use = {policy.calendar, *(override.calendar for override in policy.overrides)}
    for name, calendar in policy.calendars.items():
        if name not in in_use or calendar.country == DESTINATION:
            continue
        for year in sorted({today.year, (today + LOOKS_AHEAD).year}):
            if gap_of(calendar.country, calendar.region, year) is Gap.YEAR:
                yield ("policy", "calendars", name, "country"), _unknown_year(calendar.country, year)


def _counts_working_time(policy: Policy) -> bool:
    kinds: list[KindPolicy] = [getattr(policy, name) for name in Kinds.model_fields]
    kinds += [getattr(override, name) for override in policy.overrides for name in override.settings()]
    return any((kind.counts or policy.counts) is not Counting.ELAPSED for kind in kinds)


def _unknown_places(path: Location, calendar: WorkingCalendar) -> Found:
    country, known = calendar.country, countries()
    if country in {"", DESTINATION}:
        return
    if country not in known:
        text = f"no public holidays of {country!r} are known; leave it empty for weekdays and `extra_holidays` alone"
        yield (*path, "country"), text
    elif calendar.region and calendar.region not in known[country]:
        yield (*path, "region"), _unknown_region(country, calendar.region, known)


def _unknown(what: str, name: str, known: object) -> str:
    names = sorted(known) if isinstance(known, (dict, set)) else []
    return f"unknown {what} {name!r}{nearest(name, names) or f': no {what} is declared'}"


def _unknown_region(country: str, region: str, known: dict[str, list[str]]) -> str:
    regions = known[country]
    if not regions:
        return f"no public holidays of regions of {country} are known; found {region!r}"
    return f"unknown region {region!r} of {country}{meant(region, regions)} (known here: {', '.join(sorted(regions))})"


def _unknown_year(country: str, year: int) -> str:
    if country == MAINLAND:
        return (
            f"the days off and make-up working days of {country} are known until {ANNOUNCED.stop - 1}; in {year} only "
            "the holidays that the law names count, and no make-up days: install a newer `chinesecalendar`, or name "
            "them in `extra_holidays` and `extra_working_days`"
        )
    return f"the public holidays of {country} are not known for {year}; weekdays alone count"
