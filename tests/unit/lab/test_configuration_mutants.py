"""Settings and how they are made wrong: what shows the need, which operators suit, and which mutants are first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial.lab.configuration.copies import command, environment
from seatrial.lab.configuration.needs import CodeRead, Documented, NeedEvidence, found
from seatrial.lab.configuration.operators import NOWHERE, Mutant, Operator, mutants
from seatrial.lab.configuration.references import Interpolation, reference
from seatrial.lab.configuration.variables import Need, ServiceVariable, SettingKind, content
from seatrial.lab.model import Mount, Service, Stack

ROOT = Path("/repository")


def is_secret(name: str) -> bool:
    return any(word in name for word in ("SECRET", "PASSWORD", "TOKEN", "API_KEY"))


def settings(
    service: Service, *, reads: tuple[CodeRead, ...] = (), raw: dict[str, str] | None = None, **more: Any
) -> dict[str, ServiceVariable]:
    document = {"services": {service.name: {"environment": raw or {}}}}
    known = NeedEvidence(reads=reads, is_secret=is_secret, **more)
    return {v.name: v for v in found(Stack({service.name: service}), document, known, ROOT)}


def api(**environment: str) -> Service:
    return Service(name="api", builds=True, context=str(ROOT), environment=environment)


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("PORT", "8080", SettingKind.PORT), ("SMTP_PORT", "", SettingKind.PORT), ("WORKERS", "4", SettingKind.NUMBER),
        ("ACCOUNT_ID", "42", SettingKind.TEXT), ("POOL_SIZE", "9", SettingKind.NUMBER),
        ("DEBUG", "0", SettingKind.BOOLEAN), ("FEATURE", "true", SettingKind.BOOLEAN),
        ("LOG_LEVEL", "info", SettingKind.CHOICE),
        ("DATABASE_URL", "postgres://u:p@db/x", SettingKind.URL), ("DB_HOST", "db", SettingKind.HOST),
        ("HOST", "0.0.0.0", SettingKind.TEXT), ("SESSION_SECRET", "abc", SettingKind.SECRET),
        ("API_KEY", "", SettingKind.SECRET),
        ("DB_PASSWORD_FILE", "/run/x", SettingKind.TEXT), ("TITLE", "A shop", SettingKind.TEXT),
    ],
)  # fmt: skip
def test_a_value_is_of_the_kind_that_name_and_form_say(name: str, value: str, kind: SettingKind) -> None:
    assert content(name, value, is_secret) is kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${KEY:?set it}", Interpolation("KEY", ":?", "set it")), ("${KEY?}", Interpolation("KEY", "?")),
        ("${KEY:-dev}", Interpolation("KEY", ":-", "dev")), ("$KEY", Interpolation("KEY")),
        ("${KEY}", Interpolation("KEY")),
        ("http://${HOST}", None), ("plain", None), ("${A}${B}", None),
    ],
)  # fmt: skip
def test_a_reference_is_a_whole_value(text: str, expected: Interpolation | None) -> None:
    assert reference(text) == expected


@pytest.mark.parametrize(
    ("need", "reads", "raw", "more"),
    [
        (Need.REQUIRED, (CodeRead("api.py", "ITEM", Need.REQUIRED, 3),), {}, {}),
        (Need.DEFAULTED, (CodeRead("api.py", "ITEM", Need.DEFAULTED, 3),), {}, {}),
        (Need.OPTIONAL, (CodeRead("api.py", "ITEM", Need.OPTIONAL, 3),), {}, {}),
        (Need.REQUIRED, (), {"ITEM": "${ITEM:?}"}, {}),
        (Need.DEFAULTED, (), {"ITEM": "${ITEM:-x}"}, {}),
        (Need.OPTIONAL, (), {}, {"documented": (Documented("ITEM", Need.OPTIONAL, ".env.example"),)}),
        (Need.OPTIONAL, (CodeRead("api.py", "ITEM", Need.REQUIRED),), {}, {"said": {"ITEM": Need.OPTIONAL}}),
        (Need.REQUIRED, (), {}, {"said": {"api.ITEM": Need.REQUIRED, "ITEM": Need.OPTIONAL}}),
    ],
)
def test_what_shows_the_need(
    need: Need, reads: tuple[CodeRead, ...], raw: dict[str, str], more: dict[str, Any]
) -> None:
    one = settings(api(ITEM="x"), reads=reads, raw=raw, **more)["ITEM"]
    assert one.need is need
    assert one.known


def test_without_evidence_nothing_is_known_of_the_need() -> None:
    assert not settings(api(ITEM="x"))["ITEM"].known


def test_a_mild_read_of_a_password_of_the_stack_shows_nothing_and_of_another_companys_key_it_hints() -> None:
    stack = Stack({
        "api": api(DB_PASSWORD="shared-1", DB_TOKEN="shared-2", MAIL_TOKEN="own-3"),
        "db": Service(name="db", image="postgres:16", environment={"TOKEN": "shared-2"}),
    })  # fmt: skip
    reads = tuple(CodeRead("api.py", name, Need.OPTIONAL) for name in ("DB_PASSWORD", "DB_TOKEN", "MAIL_TOKEN"))
    every = {
        v.name: v for v in found(stack, {}, NeedEvidence(reads=reads, is_secret=is_secret), ROOT) if v.service == "api"
    }
    assert {name: v.known for name, v in every.items()} == {
        "DB_PASSWORD": False, "DB_TOKEN": False, "MAIL_TOKEN": True,
    }  # fmt: skip
    assert not every["MAIL_TOKEN"].sure


def test_a_signing_key_with_a_default_in_the_code_is_required_all_the_same() -> None:
    reads = (CodeRead("api.py", "SECRET_KEY", Need.DEFAULTED, 4),)
    assert settings(api(SECRET_KEY="x"), reads=reads)["SECRET_KEY"].need is Need.REQUIRED


def test_the_code_of_another_service_says_nothing() -> None:
    other = Service(name="web", builds=True, context=str(ROOT / "web"))
    stack = Stack({"api": api(ITEM="x"), "web": other})
    known = NeedEvidence(reads=(CodeRead("web/app.py", "ITEM", Need.REQUIRED),))
    [one] = [v for v in found(stack, {}, known, ROOT) if v.name == "ITEM"]
    assert not one.known


def test_secrets_and_configurations_are_settings_with_and_without_a_variable() -> None:
    service = Service(
        name="api", builds=True, context=str(ROOT), environment={"KEY_FILE": "/run/secrets/key"},
        files=frozenset({"/run/secrets/key", "/etc/app.yaml"}),
        mounts=(Mount("bind", str(Path(__file__)), "/app/run.py", read_only=True),),
    )  # fmt: skip
    every = settings(service)
    assert every.keys() == {"KEY_FILE", "/etc/app.yaml"}  # a mounted program is no setting
    assert {v.content for v in every.values()} == {SettingKind.FILE}
    assert every["KEY_FILE"].path == "/run/secrets/key"


def operators(variable: ServiceVariable, *, root: bool = False, among: tuple[ServiceVariable, ...] = ()) -> set[str]:
    return {m.operator.name for m in mutants((variable, *among), root=root, seed=1) if m.variable == variable}


def one(name: str, value: str, kind: SettingKind, **more: Any) -> ServiceVariable:
    return ServiceVariable(service="api", name=name, value=value, content=kind, because="seen", **more)


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        (one("PORT", "8080", SettingKind.PORT), {"UNSET", "EMPTY", "NOT_A_NUMBER", "OUT_OF_RANGE"}),
        (one("N", "4", SettingKind.NUMBER), {"UNSET", "EMPTY", "NOT_A_NUMBER"}),
        (one("DEBUG", "true", SettingKind.BOOLEAN), {"UNSET", "EMPTY", "WRONG_BOOLEAN"}),
        (one("URL", "http://x", SettingKind.URL), {"UNSET", "EMPTY", "GARBAGE_URL", "UNREACHABLE"}),
        (one("KEY", "x", SettingKind.SECRET, need=Need.REQUIRED), {"UNSET", "EMPTY", "BLANK"}),
        (one("X_KEY", "x", SettingKind.SECRET, is_key=True, need=Need.REQUIRED), {"UNSET", "EMPTY", "BLANK", "SHORT"}),
        (one("X", "x", SettingKind.TEXT, given=Interpolation("X", ":-", "x")), set()),
        (one("X", "x", SettingKind.TEXT, given=Interpolation("X", "-", "x")), {"EMPTY"}),
        (one("X", "x", SettingKind.TEXT, need=Need.IGNORED), set()),
        (one("X", "", SettingKind.TEXT), set()),
    ],
)
def test_the_operators_suit_the_value(variable: ServiceVariable, expected: set[str]) -> None:
    assert operators(variable) == expected


def test_files_are_missing_empty_unreadable_and_truncated_where_that_means_something() -> None:
    secret = one("/run/secrets/key", "", SettingKind.FILE, path="/run/secrets/key")
    structured = one("/etc/app.yaml", "", SettingKind.FILE, path="/etc/app.yaml")
    assert operators(secret) == {"MISSING_FILE", "EMPTY_FILE", "UNREADABLE_FILE"}
    assert operators(structured) == {"MISSING_FILE", "EMPTY_FILE", "UNREADABLE_FILE", "TRUNCATED_FILE"}
    assert operators(secret, root=True) == {"MISSING_FILE", "EMPTY_FILE"}


def test_a_setting_in_a_command_is_one_of_the_service() -> None:
    raw = {"services": {"api": {"command": ["serve", "--port=${PORT}", "${A}-${B}", "${LEVEL:-info}", "a$$b"]}}}
    full = {"services": {"api": {"command": ["serve", "--port=8080", "x-y", "info", "a$$b"]}}}
    every = {v.name: v for v in found(Stack({"api": api()}), raw, NeedEvidence(), ROOT, full)}
    assert {name: (v.value, v.content) for name, v in every.items()} == {
        "PORT": ("8080", SettingKind.PORT), "LEVEL": ("info", SettingKind.CHOICE),
    }  # fmt: skip
    made = {m.operator: m for m in mutants(tuple(every.values()), root=False, seed=1) if m.variable.name == "PORT"}
    assert made.keys() == {Operator.EMPTY, Operator.NOT_A_NUMBER, Operator.OUT_OF_RANGE}
    words = ["serve", "--port=8080", "x-y"]
    assert command(words, made[Operator.OUT_OF_RANGE]) == ["serve", "--port=99999", "x-y"]
    assert command(words, made[Operator.EMPTY]) == ["serve", "--port=", "x-y"]
    assert environment(["PORT=1"], made[Operator.EMPTY]) == ["PORT=1"]


def test_two_keys_can_have_the_same_value() -> None:
    first = one("A_SECRET_KEY", "x" * 32, SettingKind.SECRET, is_key=True)
    second = one("B_SECRET_KEY", "y" * 32, SettingKind.SECRET, is_key=True)
    assert "EQUAL" in operators(first, among=(second,))


def test_the_default_of_a_key_in_the_compose_file_is_tried() -> None:
    key = one("SECRET_KEY", "real", SettingKind.SECRET, is_key=True, given=Interpolation("SECRET_KEY", ":-", "dev"))
    [unset] = [m for m in mutants([key], root=False, seed=1) if m.operator is Operator.UNSET]
    assert unset.value == "dev"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("postgres://u:p@db:5432/x", SettingKind.URL, f"postgres://u:p@{NOWHERE}:5432/x"),
        ("http://api/", SettingKind.URL, f"http://{NOWHERE}/"), ("http://[", SettingKind.URL, f"http://{NOWHERE}"),
        ("db:5432", SettingKind.HOST, f"{NOWHERE}:5432"), ("db", SettingKind.HOST, NOWHERE),
    ],
)  # fmt: skip
def test_only_the_host_becomes_unreachable(value: str, kind: SettingKind, expected: str) -> None:
    made = {m.operator: m.value for m in mutants([one("X", value, kind)], root=False, seed=1)}
    assert made[Operator.UNREACHABLE] == expected


def test_compose_refuses_what_the_file_guards() -> None:
    guarded = one("KEY", "x", SettingKind.SECRET, need=Need.REQUIRED, given=Interpolation("KEY", ":?"))
    half = one("KEY", "x", SettingKind.SECRET, need=Need.REQUIRED, given=Interpolation("KEY", "?"))
    refused = {m.operator for m in mutants([guarded], root=False, seed=1) if m.refused}
    assert refused == {Operator.UNSET, Operator.EMPTY}
    assert {m.operator for m in mutants([half], root=False, seed=1) if m.refused} == {Operator.UNSET}


def test_the_most_telling_mutants_are_first_and_the_seed_decides_between_equal_ones() -> None:
    every = (
        one("DEBUG", "true", SettingKind.BOOLEAN), one("PORT", "80", SettingKind.PORT),
        one("KEY", "x", SettingKind.SECRET, need=Need.REQUIRED),
        one("PASSWORD", "y", SettingKind.SECRET, need=Need.REQUIRED),
        ServiceVariable(service="api", name="WHO", value="x", content=SettingKind.TEXT),
    )  # fmt: skip
    orders = {seed: [str(m) for m in mutants(every, root=False, seed=seed)] for seed in range(1, 30)}
    for order in orders.values():
        assert {line.partition(":")[0] for line in order[:4]} == {"api.KEY", "api.PASSWORD"}
        assert {line.partition(":")[0] for line in order[-2:]} == {"api.WHO"}
    assert len({tuple(order) for order in orders.values()}) > 1
    assert orders[7] == [str(m) for m in mutants(every, root=False, seed=7)]


def test_values_do_not_print() -> None:
    variable = one("KEY", "a-value-of-its-own", SettingKind.SECRET)
    assert "a-value-of-its-own" not in repr(variable) + repr(Mutant(variable, Operator.EQUAL, "a-value-of-its-own"))
