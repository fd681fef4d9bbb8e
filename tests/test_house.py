"""The house keeps its order: one name for one thing, the field's words, and a page that shows the rooms as they are."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "logaudit"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
#: Private words that once stood for what the field has words for.
_WORDS = """
judge review evidence case intake take_in digest dialect DialectSet pool Crew Team hello equip hire Kit outputs Outcome
answer recall remembered starting starter reporting commands job settle judged outside garbage collected Tap Tape borrow
park junk salvage Survey Look Seen Signs Probe Sum Slice Read told_apart maybe_copies Mark Neighbour Context
Surroundings
Side Step pace Silence Strip stray loose strange OddError Stretch Past Bygone Earlier around BatchKeeper ContextKeeper
Sorter Walk Facts Heads HeadFact HeadTable Headers Moments moment Watch heard Searched foreign told lent lending
StateJudge Judge askers seats bid say Speech Given apart shown near whole plain known found
"""
PRIVATE = frozenset(_WORDS.split())


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_no_two_public_classes_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(ROOT).as_posix())
    assert len(places) > 100
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_private_word_names_a_package_module_class_or_function() -> None:
    named = [
        (path.relative_to(ROOT).as_posix(), part)
        for path, _ in trees()
        for part in path.relative_to(HOUSE).with_suffix("").parts
    ]
    named += [
        (f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node.name)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [(place, name) for place, name in named if name in PRIVATE] == []


def rooms() -> list[str]:
    """What stands at the top of the package: folders, and modules but for the two that start it."""
    return sorted(
        path.name if path.is_dir() else path.stem
        for path in HOUSE.iterdir()
        if (path.is_dir() and path.name != "__pycache__") or path.suffix == ".py"
        if not path.name.startswith("__")
    )


def test_the_page_shows_every_room_and_no_other() -> None:
    table = re.findall(
        r"^\| `([a-z_]+)/?(?:\.py)?` \|", PAGE.partition("## Rooms")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert sorted(table) == rooms()
    assert len(rooms()) <= 18
    picture = PAGE.partition("```mermaid")[2].partition("```")[0]
    assert [room for room in rooms() if not re.search(rf"\b{room}\b", picture)] == []


def test_the_page_shows_the_layers_that_are_enforced() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    layers = [layer.replace("logaudit.", "") for layer in contract["layers"]]
    assert len(layers) <= 12
    assert f"`{' → '.join(layers)}`" in PAGE
    assert sorted(room for layer in layers for room in layer.split(" | ")) == rooms()


def counted(what: str) -> tuple[int, list[str]]:
    """How many files the page says a new one touches, and the paths it names."""
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| {what} |")]
    _, _, count, files, *_ = row.split("|")
    return int(count), [name for name in re.findall(r"`([^`]+)`", files) if "/" in name]


@pytest.mark.parametrize(
    ("what", "count"),
    [
        ("a rule", 3),
        ("an output format", 2),
        ("a ledger format", 2),
        ("an executor", 0),
        ("a setting", 4),
        ("a bot profile", 1),
        ("a language", 1),
    ],
)
def test_the_files_a_new_one_touches_are_counted_and_there(what: str, count: int) -> None:
    said, files = counted(what)
    assert said == count == len(files)
    for file in files:
        folder = Path(re.sub(r"(laNNN|NAME|CODE).*", "", file))
        assert (ROOT / folder).exists(), file


def test_every_place_that_the_page_names_is_there() -> None:
    places = {name for name in re.findall(r"`([^`\s]+)`", PAGE) if name.startswith("logaudit/")}
    assert len(places) > 30
    assert [
        name for name in sorted(places) if not re.search("NNN|NAME|CODE", name) if not (ROOT / name).exists()
    ] == []


def test_the_registries_are_where_the_page_says() -> None:
    """Rules and formats are registered by a line in one file; profiles and languages by being there."""
    for file, line in (
        ("logaudit/rules/__init__.py", "    la101_missing_row\n"),
        ("logaudit/renderers/registry.py", 'register(Renderer("csv"'),
        (
            "logaudit/ledger/readers/__init__.py",
            "(SqliteReader(), XlsxReader(), ParquetReader(), JsonReader())",
        ),
    ):
        assert f"`{file}`" in PAGE
        assert (ROOT / file).read_text(encoding="utf-8").count(line) == 1
    assert "docs/architecture.md" in (ROOT / "README.md").read_text(encoding="utf-8")
