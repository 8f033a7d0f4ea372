"""An account's options list statuses between commas."""

import pytest

from mappings.tickets.listed_statuses import is_listed


@pytest.mark.parametrize(
    ("option", "found"),
    [("rejected, on hold", ["rejected", "on hold"]), (" rejected ,", ["rejected"]), ("", []), ("on", [])],
)
def test_a_status_is_listed_by_its_whole_name_and_an_unknown_one_by_no_list(option: str, found: list[str]) -> None:
    assert [status for status in ("rejected", "on hold", "") if is_listed(status, option)] == found
