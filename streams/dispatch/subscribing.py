"""What a wanted state wishes for at a tracker: registrations of parcels, in the tracker's own fields. Pure."""

from collections.abc import Callable, Mapping

from contracts.settings import TargetAccount
from contracts.snapshot import Wanted, WantedSubscription, subscription_key
from streams.dispatch.actions import Wish
from streams.dispatch.intake import WantedState

Fields = Callable[[WantedSubscription, TargetAccount], Mapping[str, str]]


def registrations_of(state: WantedState, wanted: Wanted, fields: Fields, account: TargetAccount) -> list[Wish]:
    """Give the parcels that should be registered by this account, and by no other one."""
    key = state.key
    return [
        Wish(
            account=key.account,
            scope=key.scope,
            subject=key.subject,
            task=subscription_key(key.account, key.scope, key.subject, parcel),
            since=parcel.since,
            fields=fields(parcel, account),
        )
        for parcel in wanted.subscriptions
        if parcel.tracker == account.name
    ]
