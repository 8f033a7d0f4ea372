"""Writing Cases and deliveries to Salesforce, and reading what people did there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.targets.salesforce.cases import Cases
from connectors.targets.salesforce.deliveries import PREFIX, Deliveries
from connectors.targets.salesforce.rest import Salesforce
from contracts.connector import Record, Writing
from contracts.errors import Rejected, Retryable
from contracts.identity import digest
from contracts.record_keys import RecordSort, sort_of
from contracts.settings import TargetAccount
from mappings.tickets import salesforce as mapping

OVERLAP = timedelta(minutes=1)
"""A write is stamped when it begins and seen when it ends: so long a transaction is waited for at most."""


class SalesforceSession:
    """One account's Cases, and the records of its deliveries."""

    def __init__(self, salesforce: Salesforce, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._salesforce = salesforce
        self._options = mapping.options_of(account)
        self._cases = Cases(salesforce, self._options, mapping.owned(account))
        self._deliveries = Deliveries(salesforce, self._options, mapping.owned_of_deliveries(account))
        self._mark = ""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's Case of a task, or the one record of a delivery, by SOQL: it sees every commit."""
        if sort_of(key) is RecordSort.STATUS:
            found = await self._deliveries.of_key(key)
            return [found] if found is not None else []
        return [record for record in await self._cases.of_task(digest(key)) if record.key == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a Case or a delivery; None where there is none."""
        if record_id.startswith(PREFIX):
            return await self._deliveries.read(record_id)
        return await self._cases.read(record_id)

    async def create(self, writing: Writing) -> Record:
        """Upsert a Case by its episode, or a delivery, and read it back: the same key again gives the same record.

        What an earlier try made is looked for first, so that it is not written over. Where that takes effect only now,
        the upsert finds it; the status is not among what is written, so one that somebody closed stays closed.
        """
        if sort_of(writing.key) is RecordSort.STATUS:
            return _kept(*await self._deliveries.upsert(writing))
        earlier = await self._cases.of_task(digest(writing.key))
        if made := next((one for one in earlier if one.idempotency_key == writing.idempotency_key), None):
            return made
        fields = mapping.values({**writing.fields, mapping.TASK: digest(writing.key), mapping.KEY: writing.key})
        number = await self._salesforce.upsert("Case", mapping.EPISODE, writing.idempotency_key, fields)
        if not number:
            found = await self._cases.of_task(digest(writing.key))
            number = next((one.id for one in found if one.idempotency_key == writing.idempotency_key), "")
        return _kept(await self._existing(number), writing.fields)

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our fields where nobody closed it, unless it changed since it was read; once more where it did.

        Raises:
            Rejected: the record is gone (`gone`) or did not keep what was written (`not_kept`).
            Retryable: people change it faster than it can be read (`changed`).
        """
        if record.id.startswith(PREFIX):
            return _kept(*await self._deliveries.upsert(writing))
        said = {mapping.COMMENTS: writing.comment} if writing.comment else {}
        return _kept(await self._write(record.id, {**writing.fields, **said}), writing.fields)

    async def close(self, record: Record, writing: Writing) -> Record:
        """Set the status and say why, in one call; a delivery stays as it is."""
        if record.id.startswith(PREFIX):
            return await self._existing(record.id)
        closed = await self._write(record.id, {"Status": self._options.closed, mapping.COMMENTS: writing.comment})
        if closed.is_open:
            raise Rejected(f"the status {self._options.closed!r} does not close Case {record.id}", code="not_kept")
        return closed

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Set the status that means open, say why and write our fields, in one call; one that is open stays so.

        Raises:
            Rejected: the Case is gone or in the recycle bin (`gone`), was merged into another (`merged`), or the status
                does not open it (`not_kept`).
        """
        current = await self._existing(record.id)
        if current.merged_into:
            raise Rejected(f"Case {record.id} was merged into {current.merged_into}", code="merged")
        if current.is_deleted:
            raise Rejected(f"Case {record.id} was deleted", code="gone")
        if current.is_open:
            return current
        wanted = {**writing.fields, "Status": self._options.reopened, mapping.COMMENTS: writing.comment}
        if not await self._salesforce.change("Case", record.id, mapping.values(wanted), current.version):
            raise Retryable(f"Case {record.id} changes while it is opened again", code="changed")
        opened = await self._existing(record.id)
        if not opened.is_open:
            raise Rejected(f"the status {self._options.reopened!r} does not open Case {record.id}", code="not_kept")
        return _kept(opened, writing.fields)

    @property
    def mark(self) -> str:
        """An instant by Salesforce's clock, a minute before the reading began."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our Cases that changed since `mark`, merged and deleted ones among them; all at an empty one."""
        since = f" AND SystemModstamp >= {_instant(mark)}" if mark else ""
        ours = f"{self._cases.selected} WHERE {mapping.EPISODE} != null{since} ORDER BY SystemModstamp, Id"
        page = await self._salesforce.query(ours, deleted=True)
        async for row in self._salesforce.all_rows(page):
            yield replace(self._cases.record(row), version="")
        self._mark = (page.at.astimezone(UTC) - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")

    async def _write(self, number: str, fields: Mapping[str, str]) -> Record:
        for _ in range(2):
            current = await self._existing(number)
            if not current.is_open:
                return current
            if await self._salesforce.change("Case", number, mapping.values(fields), current.version):
                return await self._existing(number)
        raise Retryable(f"Case {number} changes faster than it can be read", code="changed")

    async def _existing(self, record_id: str) -> Record:
        found = await self.read(record_id)
        if found is None:
            raise Rejected(f"{record_id or 'the Case'} no longer exists", code="gone")
        return found


def _kept(record: Record, written: Mapping[str, str]) -> Record:
    """Give the record; raises Rejected where it is open and lacks something of what was written."""
    lost = sorted(name for name, value in written.items() if record.fields.get(name) != value)
    if lost and record.is_open:
        raise Rejected(f"Salesforce's record {record.id} did not keep {', '.join(lost)}", code="not_kept")
    return record


def _instant(mark: str) -> str:
    try:
        return datetime.fromisoformat(mark).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError as error:
        raise Rejected(f"not an instant: {mark!r}", code="bad_mark") from error
