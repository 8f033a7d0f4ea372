"""What no step can take neither stalls a partition nor vanishes."""

import os
from pathlib import Path

from contracts.envelope import Headers
from contracts.topics import DEAD_LETTERS, DOCUMENTS, STATE_LIMIT
from desk.broker import Broker
from tests.faults.arena import arena
from tests.streams.engine.toys import headers_of

KEY = b'["erp","SO-1"]'
GOOD = headers_of("good")


async def test_poison_in_the_middle_is_kept_whole_with_its_reason_and_the_rest_goes_on(
    broker: Broker, tmp_path: Path
) -> None:
    large = b"boom" + os.urandom(1_000_000)
    poison: dict[bytes, tuple[bytes | None, bytes | None, Headers]] = {
        b"bug": (KEY, b"boom", GOOD),
        b"wrong": (KEY, b"wrong", GOOD),
        b"null_key": (None, b"anything", GOOD),
        b"tombstone": (KEY, None, GOOD),
        b"bad_envelope": (KEY, b"x", [("ce_id", b"\xff")]),
        b"record_too_large": (KEY, b"shout 1048588", GOOD),
        b"state_too_large": (KEY, b"grow %-40000d" % (STATE_LIMIT + 1), GOOD),
    }
    async with arena(broker, tmp_path) as on:
        worker = on.start("counter")
        for key, value, headers in poison.values():
            await on.put(DOCUMENTS, KEY, b"x", GOOD)
            await on.put(DOCUMENTS, key, value, headers)
        await on.put(DOCUMENTS, KEY, large, GOOD)
        await on.put(DOCUMENTS, KEY, b"x", GOOD)
        await on.settled(DOCUMENTS, among=[worker])
        await worker.stop()
        letters = await on.read(DEAD_LETTERS)
        assert await on.latest() == {KEY: b"%d" % (len(poison) + 1)}
    found = {dict(letter.headers)["quayside-dead-code"]: letter for letter in letters if letter.value != large}
    assert set(found) == set(poison)
    for code, (key, value, headers) in poison.items():
        assert (found[code].key, found[code].value) == (key, value)
        assert list(found[code].headers)[: len(headers)] == headers
    assert [letter.value for letter in letters].count(large) == 1
