"""Under CI nothing is skipped unseen."""

import pytest

SKIPPED = """
    import pytest

    @pytest.mark.skip(reason="no such system here")
    def test_that_cannot_run(): pass

    def test_that_runs(): pass
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("QUAYSIDE_STRICT", "1")
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(test_it=SKIPPED)
    return pytester


def run(inner: pytest.Pytester) -> pytest.RunResult:
    return inner.runpytest_inprocess("-p", "tests.strict_skips", "-p", "no:asyncio")


def allow(inner: pytest.Pytester, line: str) -> None:
    inner.mkdir("tests").joinpath("allowed_skips.txt").write_text(line + "\n", encoding="utf-8")


def test_a_skip_fails_the_run_and_says_why(inner: pytest.Pytester) -> None:
    result = run(inner)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["SKIP NOT ALLOWED test_it.py::test_that_cannot_run: *no such system here"])


def test_ci_is_strict_too(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUAYSIDE_STRICT")
    monkeypatch.setenv("CI", "true")
    assert run(inner).ret == pytest.ExitCode.TESTS_FAILED


def test_at_a_desk_a_skip_is_no_failure(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUAYSIDE_STRICT")
    assert run(inner).ret == pytest.ExitCode.OK


def test_a_listed_skip_passes(inner: pytest.Pytester) -> None:
    allow(inner, "test_it.py::test_that_cannot_* # has no such system")
    assert run(inner).ret == pytest.ExitCode.OK


def test_a_module_that_skips_itself_fails_the_run(inner: pytest.Pytester) -> None:
    inner.makepyfile(test_it='import pytest\npytest.skip("not today", allow_module_level=True)')
    inner.makepyfile(test_other="def test_that_runs(): pass")
    assert run(inner).ret == pytest.ExitCode.TESTS_FAILED


def test_an_expected_failure_is_not_a_skip(inner: pytest.Pytester) -> None:
    inner.makepyfile(test_it="import pytest\n@pytest.mark.xfail\ndef test_it(): assert False")
    assert run(inner).ret == pytest.ExitCode.OK


def test_a_listed_skip_needs_its_reason(inner: pytest.Pytester) -> None:
    allow(inner, "test_it.py::*")
    result = run(inner)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'test_it.py::*' has no reason*"])


def test_it_watches_part_of_a_suite_too(inner: pytest.Pytester) -> None:
    folders = [inner.mkdir(name) for name in ("one", "two")]
    for folder in folders:
        folder.joinpath("conftest.py").write_text("", encoding="utf-8")
        folder.joinpath(f"test_{folder.name}.py").write_text("def test_part(): pass", encoding="utf-8")
    result = inner.runpytest_inprocess("-p", "tests.strict_skips", "-p", "no:asyncio", "one", "two")
    assert result.ret == pytest.ExitCode.OK
