"""What holds for all rules: names, pages, own files, own tests, fingerprints."""

from __future__ import annotations

import gzip
import importlib.util
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from msgspec.structs import replace
from world import BY_REASON, HEADER, LEDGER, LOG, Deal, World, later, ordered

from logaudit import rules
from logaudit.core.errors import UserError
from logaudit.reconcile.reconciled import Case
from logaudit.rules import REGISTRY, Registered, find

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = Path(rules.__file__).parent
DOCS = ROOT / "docs" / "rules"
HEADINGS = ["What it finds", "Why it matters", "Example", "What to do"]
#: The design's table; LA406 is not built yet.
TABLE = {
    *(f"LA10{n}" for n in range(1, 10)),
    "LA110",
    "LA111",
    *(f"LA20{n}" for n in range(1, 7)),
    *(f"LA30{n}" for n in range(1, 5)),
    *(f"LA40{n}" for n in range(1, 6)),
    *(f"LA50{n}" for n in range(1, 4)),
}

each = pytest.mark.parametrize("registered", REGISTRY, ids=lambda r: r.rule.code)


def stem(registered: Registered) -> str:
    """The module name that code and name ask for."""
    return f"{registered.rule.code}_{registered.rule.name}".lower().replace("-", "_")


def test_every_rule_of_the_design_is_registered_in_order():
    codes = [r.rule.code for r in REGISTRY]
    assert set(codes) >= TABLE
    assert codes == sorted(codes)


def test_codes_and_names_are_unique():
    assert max(Counter(r.rule.code for r in REGISTRY).values()) == 1
    assert max(Counter(r.rule.name for r in REGISTRY).values()) == 1


def test_every_rule_file_is_registered():
    assert {p.stem for p in RULES.glob("la*.py")} == {stem(r) for r in REGISTRY}


@each
def test_a_rule_lies_in_a_file_of_its_code_and_name(registered):
    module = importlib.import_module(f"logaudit.rules.{stem(registered)}")
    assert module.RULE is registered.rule
    assert module.check is registered.check


@each
def test_a_page_has_its_title_and_the_four_headings_with_text_under_each(registered):
    title, *body = registered.page.split("\n")
    assert title == f"{registered.rule.code} {registered.rule.name}."
    sections = re.split(r"^# (.+)$", "\n".join(body), flags=re.MULTILINE)
    assert sections[1::2] == HEADINGS
    assert all(len(text.strip()) > 30 for text in sections[2::2])


@each
def test_a_summary_reads_in_a_list(registered):
    summary = registered.rule.summary
    assert 10 < len(summary) < 90
    assert summary.strip(" .") == summary


@each
def test_a_rule_is_found_by_code_and_name_in_any_case(registered):
    rule = registered.rule
    assert find(rule.code) is find(rule.code.lower()) is find(f" {rule.name.upper()} ") is registered


@pytest.mark.parametrize(
    ("word", "hint"), [("LA10l", "LA1"), ("missing-rows", "missing-row"), ("zzz", "`logaudit rule`")]
)
def test_an_unknown_code_is_refused_with_a_near_one(word, hint):
    with pytest.raises(UserError, match="There is no rule") as refused:
        find(word)
    assert hint in refused.value.remedy


@each
def test_a_rule_has_tests_of_its_own(registered):
    assert (Path(__file__).parent / f"test_{stem(registered)}.py").exists()


@each
def test_a_rule_is_silent_about_nothing(registered):
    assert list(registered.check(Case((), (), (), (), 0))) == []


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """``docs/build.py`` as a module."""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@each
def test_the_docs_page_is_current(build, registered):
    page = DOCS / f"{registered.rule.code.lower()}.md"
    assert page.read_text(encoding="utf-8") == build.rule_page(registered), "run: python docs/build.py"


def test_the_docs_list_every_rule_and_no_other(build):
    assert (DOCS / "README.md").read_text(encoding="utf-8") == build.index_page(), "run: python docs/build.py"
    assert {p.stem.upper() for p in DOCS.glob("la*.md")} == {r.rule.code for r in REGISTRY}


# --- Fingerprints.


def messy(root: Path) -> World:
    """A bot with which much is wrong."""
    world = World(root)
    first = Deal("10:10:00.250", held=120)
    eth = replace(first, symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.20000000")
    sol = replace(first, symbol="SOL-USDT", entry="150.0", exit="149.0", size="2.00000000")
    world.kept(first, replace(first, closed="10:15:00.250"))
    world.rows.append(world.rows[-1])  # LA107
    world.lost(replace(eth, closed="10:20:00.5"))  # LA101, LA102
    told = replace(eth, closed="10:25:00.5")
    world.lost(told)
    world.acknowledge(told)  # LA103
    failed = replace(eth, closed="10:30:00.5")
    world.lost(failed)
    world.say(later(failed.at, 0.02), "❌ Failed to export trade to CSV: [Errno 28] disk full")  # LA108
    world.rows.append(world.row(replace(sol, closed="10:35:00.5", entry="160.0", exit="161.0")))  # LA105
    odd = replace(sol, closed="10:40:00.5")
    world.lost(odd)  # LA104
    world.rows.append(world.row(odd, exit_price="148.0"))  # LA106, LA204
    world.rows.append("half a row")  # LA203
    world.close(replace(sol, closed="10:50:00.5", entry="151.0"))  # LA501
    world.open(replace(eth, closed="11:00:00"))  # LA502
    world.kept(replace(eth, closed="11:10:00.5"))
    world.close(replace(eth, closed="11:10:02.5"), by=BY_REASON)  # LA503
    world.acknowledge(replace(sol, closed="11:30:00"), total=99)  # LA111
    world.rows.append("2026-01-10T10:18:00,ETH-USDT,long,,,,,,1.90,120,,")  # LA205
    return world


def as_it_was(world: World, lines: list[str]) -> None:
    world.write(LOG, lines)


def renamed(world: World, lines: list[str]) -> None:
    world.write("console output.log", lines)


def zipped(world: World, lines: list[str]) -> None:
    world.zip("night.zip", lines, member="x/out.log")


def compressed(world: World, lines: list[str]) -> None:
    (world.root / "out.log.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def in_two_parts(world: World, lines: list[str]) -> None:
    """Rotation cuts within a close block."""
    cut = next(i for i, line in enumerate(lines) if "10:30:00.503" in line)
    world.zip("futures_main_2026-01-10.2026-01-10_10-00-00_000000.log.zip", lines[:cut])
    world.write(LOG, lines[cut:])


def moved(world: World, lines: list[str]) -> None:
    world.write(f"backup/host 3/logs/{LOG}", lines)
    (world.root / LEDGER).rename(world.root / f"backup/host 3/{LEDGER}")


def with_windows_line_ends(world: World, lines: list[str]) -> None:
    world.write(LOG, lines, newline="\r\n")


def prints(root: Path, lay: Callable[[World, list[str]], None]) -> Counter[tuple[str, str]]:
    """Rule and fingerprint of every finding of the messy world, its log laid down in some way."""
    world = messy(root)
    lines, world.log = ordered(world.lines), ""
    world.save()
    world.ledger = ""
    lay(world, lines)
    return Counter((f.rule, f.fingerprint) for f in world.scan().findings)


@pytest.mark.parametrize(
    "lay",
    [renamed, zipped, compressed, in_two_parts, moved, with_windows_line_ends],
    ids=lambda f: f.__name__,
)
def test_fingerprints_survive_renaming_packing_rotating_and_moving(tmp_path, lay):
    before = prints(tmp_path / "before", as_it_was)
    assert {code for code, _ in before} >= {
        *(f"LA10{n}" for n in range(1, 9)),
        *("LA111", "LA203", "LA204", "LA205", "LA501", "LA502", "LA503"),
    }
    assert prints(tmp_path / "after", lay) == before


def test_findings_of_one_scan_can_be_told_apart(tmp_path):
    assert max(prints(tmp_path, as_it_was).values()) == 1


def test_a_fingerprint_changes_with_what_happened(tmp_path):
    """The same loss a minute later is another finding."""
    found = []
    for name, at in (("a", "10:20:00.5"), ("b", "10:21:00.5")):
        world = World(tmp_path / name)
        world.lost(Deal(at))
        found.append(world.one("LA101").fingerprint)
    assert found[0] != found[1]


def test_a_ledger_may_change_its_folder_and_keep_its_fingerprints(tmp_path):
    """The date in the name stays: it is what the ledger means."""
    found = []
    for folder in ("", "old/"):
        world = World(tmp_path / f"case{folder.count('/')}", ledger="", boot=False)
        world.lost(Deal("10:20:00.5"))
        world.write(f"{folder}{LEDGER}", [HEADER])
        world.write("old/readme.txt", ["nothing"])
        found.append(world.one("LA202").fingerprint)
    assert found[0] == found[1]
