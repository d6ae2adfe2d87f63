"""What became of a mutant: one word for each case, and which of them an operator would complain about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from seatrial.lab.configuration.copies import changed, environment, mounts_of
from seatrial.lab.configuration.messages import last_message, names
from seatrial.lab.configuration.operators import Mutant, Operator
from seatrial.lab.configuration.variables import Need, ServiceVariable, SettingKind
from seatrial.lab.configuration.verdicts import (
    FlawKind,
    MutantStatus,
    Ran,
    Tried,
    classify,
    fault_of,
    flaws,
    unknown,
)

PYTHON = """Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    port = int(os.environ["PORT"])
           ^^^^^^^^^^^^^^^^^^^^^^^
ValueError: invalid literal for int() with base 10: 'not-a-number'
"""
NODE = """/app/index.js:3
  throw new Error(`bad value in ${process.env.PORT}`)
  ^

Error: bad value
    at Object.<anonymous> (/app/index.js:3:9)
    at Module._compile (node:internal/modules/cjs/loader:1256:14)

Node.js v18.19.0
"""
GO = """panic: strconv.Atoi: parsing "x": invalid syntax

goroutine 1 [running]:
main.mustPort(PORT)
\t/src/PORT.go:12 +0x1d
exit status 2
"""
JAVA = """Exception in thread "main" java.lang.NumberFormatException: For input string: "x"
\tat com.example.PORT.parse(PORT.java:652)
\t... 3 more
"""
PYDANTIC = """Traceback (most recent call last):
  File "/app/main.py", line 9, in <module>
    Settings()
pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings
secret_key
  Field required [type=missing, input_value={}, input_type=dict]
    For further information visit https://errors.pydantic.dev/2.9/v/missing
"""


@pytest.mark.parametrize("text", [PYTHON, NODE, GO, JAVA], ids=["python", "node", "go", "java"])
def test_a_stack_trace_does_not_name_what_its_lines_of_code_name(text: str) -> None:
    assert "PORT" in text
    assert not names(last_message(text), ["PORT"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("KeyError: 'SECRET_KEY'", "SECRET_KEY"), ("sh: 1: SECRET_KEY: parameter not set", "SECRET_KEY"),
        (PYDANTIC, "SECRET_KEY"), (PYDANTIC, "APP_SECRET_KEY"), ("panic: DB_HOST is required", "DB_HOST"),
        ("cannot open /run/secrets/key: permission denied", "/run/secrets/key"), ("error in app.yaml", "/etc/app.yaml"),
        ("\x1b[31mPORT is no number\x1b[0m", "PORT"),
    ],
)  # fmt: skip
def test_a_message_names_a_setting(text: str, word: str) -> None:
    assert names(last_message(text), [word])


@pytest.mark.parametrize(
    ("text", "word"), [("EXPORT failed", "PORT"), ("SECRET_KEYS differ", "SECRET_KEY"), ("bad key", "SECRET_KEY")]
)
def test_a_part_of_a_longer_word_names_nothing(text: str, word: str) -> None:
    assert not names(last_message(text), [word])


def test_what_is_printed_anyway_names_nothing() -> None:
    usual = "12:00:01 configured: PORT, HOST\n"
    said = "12:07:55 configured: PORT, HOST\ninvalid value\n"
    assert last_message(said, usual) == ("invalid value",)


def variable(need: Need = Need.REQUIRED, kind: SettingKind = SettingKind.TEXT, **more: Any) -> ServiceVariable:
    known: dict[str, Any] = {"because": "seen", "read": True} | more
    return ServiceVariable(service="api", name="SETTING", value="x", content=kind, need=need, **known)


def mutant(operator: Operator = Operator.EMPTY, **more: Any) -> Mutant:
    return Mutant(variable(**more), operator, "")


ERROR = "Error: no answer\n"


@pytest.mark.parametrize(
    ("ran", "operator", "verdict"),
    [
        (Ran(exit_code=1, text="SETTING is empty"), Operator.EMPTY, MutantStatus.KILLED),
        (Ran(exit_code=1, text="bad value"), Operator.EMPTY, MutantStatus.UNCLEAR),
        (Ran(exit_code=137, text=""), Operator.EMPTY, MutantStatus.UNCLEAR),
        (Ran(exit_code=0, text="SETTING is empty"), Operator.EMPTY, MutantStatus.EXIT_0),
        (Ran(ready=True), Operator.EMPTY, MutantStatus.SURVIVED),
        (Ran(text="waiting"), Operator.EMPTY, MutantStatus.HANG),
        (Ran(text="waiting for SETTING"), Operator.EMPTY, MutantStatus.WAITS),
        (Ran(text=ERROR * 4, replaced=True), Operator.EMPTY, MutantStatus.CRASH_LOOP),
        (Ran(text="SETTING is bad\n" * 4, replaced=True), Operator.EMPTY, MutantStatus.CRASH_LOOP),
        (Ran(text="waiting for the database\n" * 4, replaced=True), Operator.EMPTY, MutantStatus.HANG),
        (Ran(text=ERROR * 4), Operator.EMPTY, MutantStatus.HANG),
        (Ran(text=ERROR, replaced=True), Operator.EMPTY, MutantStatus.HANG),
        (Ran(text=ERROR * 4, replaced=True), Operator.UNREACHABLE, MutantStatus.HANG),
        (Ran(exit_code=1, text="SETTING must not be a-secret-value"), Operator.EMPTY, MutantStatus.PRINTS_SECRET),
        (Ran(ready=True, text="a-secret-value"), Operator.EMPTY, MutantStatus.PRINTS_SECRET),
    ],
)
def test_one_word_for_each_case(ran: Ran, operator: Operator, verdict: MutantStatus) -> None:
    assert classify(mutant(operator), ran, Ran(), ["a-secret-value"]).verdict is verdict


def test_a_secret_that_is_printed_anyway_is_not_the_mutants_doing() -> None:
    ran = Ran(exit_code=1, text="SETTING: a-secret-value")
    assert classify(mutant(), ran, Ran(text="a-secret-value"), ["a-secret-value"]).verdict is MutantStatus.KILLED


@pytest.mark.parametrize(
    ("verdict", "operator", "given", "fault"),
    [
        (MutantStatus.KILLED, Operator.EMPTY, {}, None),
        (MutantStatus.UNCLEAR, Operator.EMPTY, {}, FlawKind.UNNAMED),
        (MutantStatus.EXIT_0, Operator.EMPTY, {}, FlawKind.ENDS_WELL),
        (MutantStatus.CRASH_LOOP, Operator.OUT_OF_RANGE, {}, FlawKind.LOOPS),
        (MutantStatus.HANG, Operator.EMPTY, {}, FlawKind.NEVER_READY),
        (MutantStatus.HANG, Operator.UNREACHABLE, {}, None),
        (MutantStatus.WAITS, Operator.EMPTY, {}, None),
        (MutantStatus.PRINTS_SECRET, Operator.EMPTY, {}, FlawKind.PRINTS),
        (MutantStatus.SURVIVED, Operator.EMPTY, {}, FlawKind.STARTS_WITHOUT),
        (MutantStatus.SURVIVED, Operator.UNSET, {"need": Need.OPTIONAL}, None),
        (MutantStatus.SURVIVED, Operator.UNSET, {"need": Need.DEFAULTED}, None),
        (MutantStatus.SURVIVED, Operator.UNSET, {"because": ""}, None),
        (MutantStatus.SURVIVED, Operator.OUT_OF_RANGE, {"need": Need.DEFAULTED}, FlawKind.STARTS_WRONG),
        (MutantStatus.SURVIVED, Operator.OUT_OF_RANGE, {"need": Need.DEFAULTED, "read": False}, None),
        (MutantStatus.SURVIVED, Operator.UNREACHABLE, {}, None),
    ],
)
def test_an_operator_complains_about_these(
    verdict: MutantStatus, operator: Operator, given: Mapping[str, Any], fault: FlawKind | None
) -> None:
    assert fault_of(Tried(mutant(operator, **given), verdict)) is fault


def test_one_flaw_for_a_setting_and_a_kind() -> None:
    every = [Tried(mutant(o), MutantStatus.SURVIVED) for o in (Operator.UNSET, Operator.EMPTY, Operator.BLANK)]
    [flaw] = flaws(every)
    assert [one.mutant.operator for one in flaw.tried] == [Operator.UNSET, Operator.EMPTY, Operator.BLANK]


def test_a_service_that_does_not_read_what_another_refuses_is_not_blamed() -> None:
    other = ServiceVariable(
        service="worker", name="SETTING", value="x", content=SettingKind.TEXT, need=Need.REQUIRED, because="y"
    )
    survived = Tried(Mutant(other, Operator.EMPTY, ""), MutantStatus.SURVIVED)
    assert list(flaws([Tried(mutant(), MutantStatus.KILLED), survived])) == []
    assert len(list(flaws([survived]))) == 1
    minds = Tried(Mutant(other, Operator.UNSET), MutantStatus.KILLED)
    assert len(list(flaws([Tried(mutant(), MutantStatus.KILLED), survived, minds]))) == 1, (
        "it reads it, and accepts this"
    )


def test_what_survives_a_matter_of_taste_is_a_guess() -> None:
    [taste] = flaws([Tried(mutant(Operator.WRONG_CHOICE, need=Need.DEFAULTED), MutantStatus.SURVIVED)])
    [sure] = flaws([Tried(mutant(Operator.OUT_OF_RANGE, need=Need.DEFAULTED), MutantStatus.SURVIVED)])
    assert taste.guess
    assert not sure.guess


def test_a_need_that_nothing_shows_is_not_measured() -> None:
    secret = Tried(mutant(kind=SettingKind.SECRET, because=""), MutantStatus.SURVIVED)
    assert unknown(secret)
    assert not unknown(Tried(mutant(kind=SettingKind.SECRET), MutantStatus.SURVIVED))


@pytest.mark.parametrize(
    ("generations", "expected"),
    [
        ([{2}, {3}, {4}, {5}], True), ([{2, 3}, {2, 4}, {2, 5}, {2, 6}], True), ([{2}, {2}, {2}, {2}], False),
        ([set(), {2}, {2, 3}], False), ([], False), ([{2}, {3}], False),
    ],
)  # fmt: skip
def test_new_processes_again_and_again(generations: list[set[int]], *, expected: bool) -> None:
    assert changed([frozenset(one) for one in generations]) is expected


def test_only_the_variable_of_the_mutant_differs() -> None:
    entries = ["PATH=/bin", "SETTING=x", "SETTING_TWO=y"]
    assert environment(entries, None) == entries
    assert environment(entries, mutant()) == ["PATH=/bin", "SETTING_TWO=y", "SETTING="]
    assert environment(entries, Mutant(variable(), Operator.UNSET)) == ["PATH=/bin", "SETTING_TWO=y"]
    assert environment(entries, Mutant(variable(), Operator.MISSING_FILE)) == entries


ATTRIBUTES: Mapping[str, Any] = {
    "Mounts": [
        {"Type": "volume", "Name": "data", "Source": "/v/data", "Destination": "/data", "RW": True},
        {"Type": "volume", "Name": "keys", "Source": "/v/keys", "Destination": "/keys", "RW": False},
        {"Type": "bind", "Source": "/host/code", "Destination": "/code", "RW": True},
        {"Type": "bind", "Source": "/host/secret", "Destination": "/run/secrets/key", "RW": False},
    ],
    "HostConfig": {"Mounts": [{"Type": "tmpfs", "Target": "/tmp"}, {"Type": "volume", "Target": "/data"}]},
}


def test_a_copy_never_gets_a_volume_that_the_service_writes_to() -> None:
    found = {m["Target"]: m for m in mounts_of(ATTRIBUTES, None)}
    assert found["/data"] == {"Type": "volume", "Target": "/data"}
    assert found.keys() == {"/data", "/keys", "/code", "/run/secrets/key", "/tmp"}
    assert all(m["ReadOnly"] for m in found.values() if "Source" in m)


def test_a_file_is_missing_or_another_one_is_in_its_place() -> None:
    secret = variable(kind=SettingKind.FILE, path="/run/secrets/key")
    missing = {m["Target"] for m in mounts_of(ATTRIBUTES, Mutant(secret, Operator.MISSING_FILE))}
    assert "/run/secrets/key" not in missing
    other = {m["Target"]: m for m in mounts_of(ATTRIBUTES, Mutant(secret, Operator.EMPTY_FILE), "/scratch/empty")}
    assert other["/run/secrets/key"]["Source"] == "/scratch/empty"
