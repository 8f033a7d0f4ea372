"""Writing to Redmine, and reading what people did there."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

from connectors.targets.redmine.api import Api, Json, Where
from connectors.targets.redmine.issues import all_fields, as_record
from connectors.targets.redmine.place import Place, find_place
from contracts.connector import Record, Writing
from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.settings import TargetAccount
from mappings.tickets import redmine as mapping

UNSETTLED = timedelta(minutes=1)
"""Changes of this long ago are told again: what is written at once may show up in either order."""
_MARK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class RedmineSession:
    """One account's issues. Nothing is asked before the first call; that asks for the numbers of all names as well."""

    def __init__(self, api: Api, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._api = api
        self._account = account
        self._options = mapping.options_of(account)
        self._known: Place | None = None
        self._mark = ""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's issue of a task, the oldest first, whatever project people moved it to."""
        place = await self._place()
        by_key = Where(f"cf_{place.fields[self._options.task_key_field]}", "=", key)
        numbers = [issue["id"] async for issue in self._api.issues(by_key) if self._key(issue) == key]
        await self._api.ourselves()  # with a key that was revoked meanwhile, others' issues are told, without an error
        found = [await self.read(str(number)) for number in numbers]
        return [record for record in found if record is not None]

    async def read(self, record_id: str) -> Record | None:
        """Read an issue, with whoever closed it; None where there is none."""
        place = await self._place()
        issue = await self._api.issue(record_id)
        return None if issue is None else as_record(issue, self._account, place)

    async def create(self, writing: Writing) -> Record:
        """Create an issue and read it back; raises Rejected (`not_kept`) where it lacks what was written.

        Without a start: Redmine would put today there, and then refuse whatever was due before.
        """
        place = await self._place()
        await self._api.ourselves()  # where strangers may create issues, a revoked key would do so in their name
        written = {**writing.fields, **self._keys(writing)}
        values = mapping.issue_values(written, place.fields)
        here = {"project_id": place.project, "tracker_id": place.tracker, "start_date": ""}
        created = await self._api.create({**here, **values})
        return await self._kept(str(created["id"]), written)

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our fields and read them back.

        What is there is read first in any case: the API takes a version (`lock_version`), but tells none.

        Raises:
            Rejected: the issue is gone (`gone`), or did not keep what was written (`not_kept`).
            Retryable: somebody wrote it in the same instant (`conflict`).
        """
        current = await self._existing(record.id)
        if not current.is_open:
            return current
        place = await self._place()
        await self._change(record.id, mapping.issue_values(writing.fields, place.fields), writing.comment)
        return await self._kept(record.id, writing.fields)

    async def close(self, record: Record, writing: Writing) -> Record:
        """Say the reason and set the status in one call, and read back.

        Raises:
            Rejected: the issue is gone (`gone`) or its workflow does not let us close it (`not_kept`).
        """
        current = await self._existing(record.id)
        if not current.is_open:
            return current
        place = await self._place()
        await self._change(record.id, {"status_id": place.status(self._options.closed)}, writing.comment)
        closed = await self._existing(record.id)
        if closed.is_open:
            told = f"issue {record.id} did not take the status {self._options.closed!r}: our role's workflow forbids it"
            raise Rejected(told, code="not_kept")
        return closed

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Open a closed issue again and write our fields, in one call, and read back; raises as `close`."""
        current = await self._existing(record.id)
        if current.is_open:
            return current
        place = await self._place()
        values = mapping.issue_values(writing.fields, place.fields)
        await self._change(record.id, {**values, "status_id": place.status(self._options.reopened)}, writing.comment)
        opened = await self._kept(record.id, writing.fields)
        if not opened.is_open:
            told = (
                f"issue {record.id} did not take the status {self._options.reopened!r}: our role's workflow forbids it"
            )
            raise Rejected(told, code="not_kept")
        return opened

    @property
    def mark(self) -> str:
        """An instant by Redmine's clock; whatever changed later is told from there on."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our issues that changed since `mark`, in whatever way and project; all of them at an empty one."""
        if mark and not _MARK.fullmatch(mark):
            raise Rejected(f"not an instant: {mark!r}", code="bad_mark")
        place = await self._place()
        await self._api.ourselves()
        ours = Where(f"cf_{place.fields[self._options.task_key_field]}", "*")
        since = (Where("updated_on", ">=", mark),) if mark else ()
        newest = ""
        async for issue in self._api.issues(ours, *since):
            newest = max(newest, str(issue["updated_on"]))
            yield as_record(issue, self._account, place)
        self._mark = max(mark, _before(newest)) if newest else mark

    async def _place(self) -> Place:
        if self._known is None:
            self._known = await find_place(self._api, self._account)
        return self._known

    async def _existing(self, number: str) -> Record:
        found = await self.read(number)
        if found is None:
            raise Rejected(f"issue {number} no longer exists", code="gone")
        return found

    async def _change(self, number: str, values: Mapping[str, object], notes: str) -> None:
        said = {"notes": notes} if notes else {}
        if not await self._api.change(number, {**values, **said}):
            raise Rejected(f"issue {number} no longer exists", code="gone")

    async def _kept(self, number: str, written: Mapping[str, str]) -> Record:
        """Read an issue after a write; raises Rejected where it is gone or did not keep it.

        A field that its tracker lacks, or that our role may not write, is dropped without a word.
        """
        place = await self._place()
        issue = await self._api.issue(number)
        if issue is None:
            raise Rejected(f"issue {number} no longer exists", code="gone")
        found = all_fields(issue)
        lost = sorted(name for name, value in written.items() if found.get(name, "") != value)
        if lost and not issue["status"]["is_closed"]:
            raise Rejected(f"issue {number} did not keep {', '.join(lost)}", code="not_kept")
        return as_record(issue, self._account, place)

    def _key(self, issue: Json) -> str:
        return all_fields(issue).get(mapping.custom(self._options.task_key_field), "")

    def _keys(self, writing: Writing) -> dict[str, str]:
        return {
            mapping.custom(self._options.external_key_field): writing.idempotency_key,
            mapping.custom(self._options.task_key_field): writing.key,
        }


def _before(instant: str) -> str:
    return (read_time(instant) - UNSETTLED).strftime("%Y-%m-%dT%H:%M:%SZ")
