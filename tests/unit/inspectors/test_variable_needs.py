"""Whether code can do without a variable, by the idioms of each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.inspectors.environment.needs import needs
from seatrial.inspectors.trial import variables
from seatrial.lab.configuration.needs import CodeRead, Documented
from seatrial.lab.configuration.variables import Need
from seatrial.system.source import open_tree

CASES = (
    ("a.py", 'os.environ["ITEM"]', "required"), ("a.py", 'os.environ.get("ITEM", "x")', "defaulted"),
    ("a.py", 'os.getenv("ITEM")', "optional"), ("a.py", 'os.environ.get("ITEM", None)', "optional"),
    ("a.py", 'os.getenv("ITEM") or "x"', "defaulted"), ("a.py", 'require_env("ITEM")', "required"),
    ("a.py", 'setting("ITEM", "x")', "defaulted"),
    ("a.py", 'item = os.getenv("ITEM")\nif not item:\n    raise SystemExit("no item")\n', "required"),
    ("a.py", 'item = os.getenv("ITEM")\nif item:\n    use(item)\n', "optional"),
    ("a.py", "class S(BaseSettings):\n    item: str\n", "required"),
    ("a.js", "const a = process.env.ITEM;", "optional"), ("a.js", "process.env.ITEM || 3000", "defaulted"),
    ("a.ts", "process.env.ITEM ?? 'x'", "defaulted"), ("a.ts", "process.env.ITEM!", "required"),
    ("a.js", 'if (!process.env.ITEM) throw new Error("ITEM")', "required"),
    ("a.js", "const item = process.env.ITEM\nif (!item) {\n  process.exit(1)\n}", "required"),
    ("a.ts", 'import { cleanEnv } from "envalid"\ncleanEnv(process.env, {\n  ITEM: str(),\n})', "required"),
    ("a.ts", 'import { cleanEnv } from "envalid"\ncleanEnv(e, {\n  ITEM: port({ default: 1 }),\n})', "defaulted"),
    ("a.ts", "z.object({\n  ITEM: z.string().min(1),\n}).parse(process.env)", "required"),
    ("a.ts", "z.object({\n  ITEM: z.coerce.number().default(1),\n}).parse(process.env)", "defaulted"),
    ("a.ts", "z.object({\n  ITEM: z.string().optional(),\n}).parse(process.env)", "optional"),
    ("a.go", 'os.Getenv("ITEM")', "optional"),
    ("a.go", 'if os.Getenv("ITEM") == "" {\n\tlog.Fatal("x")\n}', "required"),
    ("a.go", 'item := os.Getenv("ITEM")\nif item == "" {\n\tpanic("x")\n}', "required"),
    ("a.go", 'viper.SetDefault("item", 1)\nviper.GetInt("item")', "defaulted"),
    ("a.go", 'viper.GetInt("item")', "optional"),
    ("a.go", 'type C struct {\n\tX string `env:"ITEM,required"`\n}', "required"),
    ("a.go", 'type C struct {\n\tX string `envconfig:"ITEM" default:"3"`\n}', "defaulted"),
    ("a.rs", 'env::var("ITEM").expect("ITEM")', "required"), ("a.rs", 'env::var("ITEM").unwrap_or(x)', "defaulted"),
    ("a.rb", 'ENV.fetch("ITEM")', "required"), ("a.rb", 'ENV["ITEM"] || "x"', "defaulted"),
    ("a.java", 'System.getenv("ITEM")', "optional"), ("a.sh", "echo ${ITEM:?}", "required"),
    ("a.sh", "set -eu\necho $ITEM", "required"), ("a.sh", "echo $ITEM", "optional"),
    ("a.sh", "echo ${ITEM:-x}", "defaulted"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), CASES)
def test_each_idiom_says_whether_it_is_needed(path: str, text: str, expected: str) -> None:
    found = [one for one in needs(path, text) if one.name == "ITEM"]
    assert found
    told = {"required" if o.required else "defaulted" if o.defaulted else "optional" for o in found}
    assert told == {expected}


def test_what_a_shell_script_sets_itself_is_not_read() -> None:
    assert [one.name for one in needs("a.sh", "ITEM=1\necho $ITEM $OTHER\n")] == ["OTHER"]


def test_the_place_of_a_need_is_the_line_of_the_read() -> None:
    [one] = needs("a.py", 'x = 1\n\ny = os.environ["ITEM"]\n')
    assert (one.at.path, one.at.line) == ("a.py", 3)


def test_code_and_examples_of_a_tree_are_read_and_its_tests_are_not(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('import os\nos.environ["ITEM"]\n', "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_app.py").write_text('import os\nos.environ["OTHER"]\n', "utf-8")
    example = "# Mail, optional\nMAIL=\n#OFF=1\nKEY= # required\nPLAIN=1\n"
    (tmp_path / ".env.example").write_text(example, "utf-8")
    tree = open_tree(tmp_path)
    assert variables.read(tree) == (CodeRead("app.py", "ITEM", Need.REQUIRED, 2),)
    assert variables.documented(tree) == (
        Documented("MAIL", Need.OPTIONAL, ".env.example"),
        Documented("OFF", Need.OPTIONAL, ".env.example"),
        Documented("KEY", Need.REQUIRED, ".env.example"),
    )
