"""ServiceNow, faked as its pages describe it: the real target's client over HTTP."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from connectors.targets.servicenow import SERVICENOW
from contracts.connector import Record, TargetSession
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets import servicenow as mapping
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import Failure, System, TargetConformance
from tests.fakes.servicenow import CLIENT, PASSWORD, USER, Instance, app_of
from tests.fakes.standing import standing

TABLE_API = "https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html"
RATES = "https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/inbound-REST-API-rate-limiting.html"
SLOW = "https://support.servicenow.com/kb?id=kb_article_view&sysparm_article=KB3047080"
QUOTAS = "https://support.servicenow.com/kb_view.do?sysparm_article=KB0866547"


class Agent:
    """Somebody in the service desk's own forms."""

    name = "Mei Lin 林梅"

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        instance.people |= {"mei.lin": self.name, "chen": "Chen 陈"}

    def close(self, record: Record, reason: str) -> None:
        self._write(record, state="6", close_code="Solution provided", close_notes=reason)

    def refuse(self, record: Record, reason: str) -> None:
        self._write(record, state="8", close_code="No resolution provided", close_notes=reason)

    def close_approved(self, record: Record, reason: str) -> str:
        approval = {"sysapproval": record.id, "state": "approved", "approver": "chen", "sys_id": f"a-{record.id}"}
        self._instance.approvals.append({**approval, "sys_updated_on": "2026-11-20 10:00:00"})
        self._write(record, approval="approved")
        self.close(record, reason)
        return "Chen 陈"

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._write(record, assigned_to="mei.lin", comments="I am on it")

    def is_edit_kept(self, record: Record) -> bool:
        return record.assigned_to == self.name and "I am on it" in self.said_on(record)

    def said_on(self, record: Record) -> list[str]:
        notes = self._instance.incidents[record.id]["close_notes"]
        return [said for number, said in self._instance.journal if number == record.id] + [notes]

    def _write(self, record: Record, **values: str) -> None:
        self._instance.write(self._instance.incidents[record.id], values, "mei.lin")


@pytest.fixture(scope="module")
def instance() -> Instance:
    return Instance()


@pytest.fixture(scope="module")
def system(instance: Instance) -> Iterator[System]:
    with standing() as place:
        place.app = app_of(instance)
        account = TargetAccount(name="desk", connector="servicenow", url=place.url)
        yield System(account, f"{USER}:{PASSWORD}", f"{USER}:wrong", Agent(instance), patience=0.3)
    assert instance.mistakes == []


def _error(status: int, message: str, detail: str, headers: Mapping[str, str] | None = None) -> Answer:
    body = {"error": {"message": message, "detail": detail}, "status": "failure"}
    return Answer(status, json.dumps(body).encode(), headers or {})


class TestServiceNow(TargetConformance):
    target = SERVICENOW
    updates = ("PATCH",)
    closes = "PATCH"
    false_success = b'{"result": {"sys_id": "a", "state": "1", "sys_mod_count": "0", "sys_created_by": "us", \
"correlation_display": "b", "description": "as it was"}}'
    documented = (
        Failure(TABLE_API, _error(400, "Invalid table incidents", ""), Rejected, "http_400"),
        Failure(TABLE_API, _error(401, "User Not Authenticated", "Required"), Retryable, "unauthorised"),
        Failure(TABLE_API, _error(403, "Operation Failed", "ACL Exception Insert Failed"), Retryable, "forbidden"),
        Failure(TABLE_API, _error(403, "Operation Failed", "Data Policy Exception: mandatory"), Rejected, "refused"),
        Failure(
            TABLE_API,
            _error(403, "Operation Failed", "Operation against file 'incident' was aborted by Business Rule 'Hold'"),
            Rejected,
            "refused",
            during="close",
        ),
        Failure(TABLE_API, _error(404, "No Record found", "or ACL restricts it"), Rejected, "gone", during="update"),
        Failure(TABLE_API, _error(500, "Internal error", ""), Retryable, "http_500", during="look_up"),
        Failure(
            RATES,
            _error(429, "Rate limit exceeded", "", {"Retry-After": "1800", "X-RateLimit-Limit": "100"}),
            Retryable,
            "too_many_requests",
            wait=timedelta(seconds=1800),
        ),
        Failure(
            RATES,
            _error(429, "Rate limit exceeded", "", {"X-RateLimit-Reset": "0"}),
            Retryable,
            "too_many_requests",
            wait=timedelta(0),
        ),
        Failure(
            QUOTAS,
            Answer(
                200, b'{"result": [], "error": {"message": "Transaction cancelled: maximum execution time exceeded"}}'
            ),
            Retryable,
            "unfinished",
            during="look_up",
        ),
        Failure(SLOW, Answer(202), Retryable, "unfinished"),
        Failure(SLOW, Answer(202), Retryable, "unfinished", during="update"),
    )

    async def test_every_error_says_the_vendor_s_detail(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        proxy.next("POST", _error(403, "Operation Failed", "ACL Exception Insert Failed due to security constraints"))
        with pytest.raises(Retryable, match="security constraints"):
            await session.create(self.writing(system))

    async def test_a_column_that_our_user_may_not_write_is_noticed(
        self, system: System, session: TargetSession, instance: Instance
    ) -> None:
        instance.unwritable = {"due_date"}
        try:
            with pytest.raises(Rejected, match="did not keep due_date") as dropped:
                await session.create(self.writing(system))
        finally:
            instance.unwritable = set()
        assert dropped.value.code == "not_kept"

    async def test_a_table_without_our_column_is_an_operator_s_to_mend_and_gets_no_second_record(
        self, system: System, session: TargetSession, instance: Instance
    ) -> None:
        writing = self.writing(system)
        instance.added = set()
        try:
            with pytest.raises(Retryable, match="u_quayside_key") as first:
                await session.create(writing)
            with pytest.raises(Retryable, match="u_quayside_key") as again:
                await session.look_up(writing.key)
            assert SERVICENOW.probe
            problems = list(await SERVICENOW.probe(system.account, system.secret))
        finally:
            instance.added = {"u_quayside_key"}
            made = [n for n, row in instance.incidents.items() if row["correlation_id"] == mapping.place(writing.key)]
            for number in made:
                del instance.incidents[number]
        assert (first.value.code, again.value.code, len(made)) == ("misconfigured", "misconfigured", 1)
        assert problems == ["the table 'incident' lacks the column 'u_quayside_key'"]

    async def test_a_dictionary_that_our_user_may_not_read_leaves_the_columns_unknown(
        self, system: System, instance: Instance
    ) -> None:
        assert SERVICENOW.probe
        instance.is_dictionary_shown = False
        try:
            problems = list(await SERVICENOW.probe(system.account, system.secret))
        finally:
            instance.is_dictionary_shown = True
        assert problems == ["our user may not read sys_dictionary, so nothing is known of the table's columns"]

    async def test_a_query_that_finds_what_was_not_asked_for_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        """A condition on a column that is not there is left out, and every record of the table is found."""
        created = await session.create(self.writing(system))
        row = {"sys_id": created.id, "correlation_id": ""}
        proxy.next("GET", Answer(200, json.dumps({"result": [row]}).encode()))
        with pytest.raises(Retryable, match="correlation_id"):
            await session.look_up(self.writing(system).key)

    @pytest.mark.parametrize(
        ("authentication", "secret", "wrong"),
        [("api_key", PASSWORD, "another"), ("oauth", CLIENT, "0123:another")],
    )
    async def test_a_token_and_an_application_are_taken_as_well(
        self, system: System, authentication: str, secret: str, wrong: str
    ) -> None:
        options = {**system.account.options, "authentication": authentication}
        account = system.account.model_copy(update={"options": options})
        async with self.target.open(account, secret) as session:
            assert (await session.create(self.writing(system))).is_open
        async with self.target.open(account, wrong) as session:
            with pytest.raises(Retryable) as refused:
                await session.create(self.writing(system))
        assert refused.value.code == "unauthorised"

    async def test_a_token_that_was_revoked_is_fetched_afresh(self, system: System, instance: Instance) -> None:
        account = system.account.model_copy(update={"options": {"authentication": "oauth"}})
        async with self.target.open(account, CLIENT) as session:
            created = await session.create(self.writing(system))
            instance.tokens = set()
            assert await session.read(created.id) == created

    async def test_all_that_changed_is_told_page_by_page_and_nothing_older_than_the_mark(
        self, system: System, session: TargetSession, instance: Instance
    ) -> None:
        ours = {"correlation_id": "quayside-a", "u_quayside_key": "a key", "correlation_display": "a"}
        made = {instance.create(ours, USER)["sys_id"] for _ in range(205)}
        for number in made:
            instance.incidents[number]["sys_updated_on"] = "2026-01-05 08:00:00"
        newest = await session.create(self.writing(system))
        assert made < {record.id async for record in session.changed_since("")}
        assert {record.id async for record in session.changed_since(session.mark)} & {newest.id, *made} == {newest.id}

    async def test_whose_it_is_is_told(self, system: System, session: TargetSession) -> None:
        created = await session.create(self.writing(system))
        assert created.assigned_to == ""
        system.person.edit_what_is_not_ours(created)
        found = await session.read(created.id)
        assert found is not None
        assert found.assigned_to == system.person.name

    def test_a_text_is_cut_to_what_its_column_holds(self, system: System) -> None:
        fields = self.target.fields(late_task("SO-" + "long" * 80), system.account)
        assert len(fields["short_description"]) == mapping.LENGTHS["short_description"]
        assert fields["due_date"] == "2026-11-20 20:00:00"
