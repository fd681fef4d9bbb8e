"""Sources and settings made to be slow: what is looked through for one class, call or key is not for each of them."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from logaudit.codepaths import context, names, parse, parse_budget, read_folder
from logaudit.codepaths.classify import analyze
from logaudit.codepaths.model import SourceFile, SourceFiles, SourceTree
from logaudit.codepaths.names import Names
from logaudit.codepaths.parse import parse_source
from logaudit.core.source_code import PathEnd
from logaudit.core.toml import TomlError, parse_toml
from logaudit.profiles import load_built_in


def _names(text: str) -> Names:
    return Names(parse_source(SourceFiles("bot", (SourceFile("bot.py", text.encode(), "bot"),))))


def _resolve_all(text: str) -> float:
    """Seconds of processor time to tell what each call of a source means."""
    known = _names(text)
    begin = time.process_time()
    for module in known.tree.modules:
        for function in module.functions:
            for call in function.calls:
                known.resolve(call, function)
    return time.process_time() - begin


def test_a_long_chain_of_classes_is_not_looked_through_class_by_class():
    chain = "".join(f"class C{n + 1}(C{n}):\n def run{n}(self): self.close()\n" for n in range(1_500))
    assert _resolve_all(f"class C0:\n def close(self): pass\n{chain}") < 20


def test_a_method_that_thousands_of_classes_have_is_not_compared_with_each_of_their_calls(monkeypatch):
    calls: list[int] = []
    fits = names.fits
    monkeypatch.setattr(names, "fits", lambda *given: (calls.append(1), fits(*given))[1])
    _resolve_all("".join(f"class C{n}:\n def save(self, p): p.save(p)\n" for n in range(600)))
    assert len(calls) < 1_000


def test_a_method_of_a_few_classes_is_told_by_what_it_takes():
    known = _names("class A:\n def keep(self, p): pass\ndef run(x):\n x.keep(1)\n x.keep(1, 2)\n")
    run = next(f for m in known.tree.modules for f in m.functions if f.name == "run")
    assert [len(known.resolve(call, run).functions) for call in run.calls] == [1, 0]


def _tree(*texts: str) -> SourceTree:
    files = (SourceFile(f"m{n}.py", text.encode(), f"m{n}") for n, text in enumerate(texts))
    return parse_source(SourceFiles("bot", tuple(files)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = " + "1+" * 1_000_000 + "1", id="a sum"),
        pytest.param('x = f"{a}"\n' * 90_000, id="many f-strings"),
        pytest.param('x = f"' + "{a:{b}}" * 110_000 + '"', id="a nested f-string"),
        pytest.param("a\n" * 1_000_000, id="names"),
    ],
)
def test_text_whose_tree_would_fill_the_memory_is_not_parsed(monkeypatch, text):
    parsed: list[str] = []
    real = parse.ast.parse
    monkeypatch.setattr(parse.ast, "parse", lambda given: (parsed.append(given), real(given))[1])
    tree = _tree("def run(): pass\n", text)
    assert parsed == ["def run(): pass\n"]
    assert [m.path for m in tree.modules] == ["m0.py"]
    assert [p.path for p in tree.problems] == ["m1.py"]


def test_small_files_that_are_too_much_together_are_parsed_as_far_as_there_is_room(monkeypatch):
    texts = ["a()\n" * 1_000] * 10
    assert not _tree(*texts).problems
    monkeypatch.setattr(parse_budget, "MOST_MEMORY", 12 << 20)
    tree = _tree(*texts)
    assert 0 < len(tree.modules) < 10
    assert len(tree.problems) == 1


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="values of f-strings are no longer looked for in them"
)
def test_very_many_values_behind_a_long_text_are_not_parsed():
    tree = _tree('x = f"' + "x" * 3_000_000 + "{a}" * 20_000 + '"')
    assert (len(tree.modules), len(tree.problems)) == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "PAIRS = {\n" + "    'BTC-USDT': (0.1, 'spot', 5),\n" * 20_000 + "}\n", id="pairs, 660 kB"
        ),
        pytest.param("CANDLES = [" + "61234.5, " * 60_000 + "]\n", id="numbers, 540 kB"),
        pytest.param('def run(o):\n    log.info(f"{o.symbol} {o.pnl:+.2f}")\n' * 8_000, id="code, 460 kB"),
    ],
)
def test_a_generated_module_of_some_hundred_kilobytes_is_read(text):
    tree = _tree(text, "def run(): pass\n")
    assert [m.path for m in tree.modules] == ["m0.py", "m1.py"]
    assert not tree.problems


def test_files_of_very_many_bytes_together_are_not_all_read(tmp_path, monkeypatch):
    for name, size in (("a", 600), ("b", 100), ("c", 500)):
        Path(tmp_path, f"{name}.py").write_text("#" * size)
    assert len(read_folder.read_folder(tmp_path, "bot").files) == 3
    monkeypatch.setattr(read_folder, "_TOGETHER", 700)
    found = read_folder.read_folder(tmp_path, "bot")
    assert [file.path for file in found.files] == ["b.py", "c.py"]
    assert [problem.path for problem in found.problems] == ["a.py"]


def _closing(count: int) -> SourceTree:
    """Modules that close and record, each by functions of its own."""
    text = (
        "class C{n}:\n def close_{n}(self, p):\n"
        '  log.info(f"Position closed: {{p.symbol}} {{p.side}} entry={{p.entry}} exit={{p.exit}} pnl={{p.pnl}}")\n'
        "  self.record_trade(p)\n def record_trade(self, p):\n"
        '  log.info(f"Trade recorded: {{p.symbol}} total={{p.total}}")\n'
    )
    return _tree(*(text.format(n=n) for n in range(count)))


def test_very_many_modules_are_not_looked_through_for_each_function():
    tree, profile = _closing(4_000), load_built_in("generic")
    begin = time.process_time()
    sites = analyze(tree, profile).sites
    assert time.process_time() - begin < 14
    assert [site.end for site in sites] == [PathEnd.RECORDED] * 4_000


def test_a_function_that_is_handed_on_is_found_by_its_name():
    text = (
        "class C:\n def close(self, p):\n"
        '  log.info(f"Position closed: {p.symbol} {p.side} entry={p.entry} exit={p.exit} pnl={p.pnl}")\n'
        "  return p\n"
    )
    start = "def start(c, loop):\n loop.later(c.end_it)\n"
    tree = _tree(text.replace("close(", "end_it("), start, "def record_trade(p): pass\nrecord_trade(1)\n")
    (site,) = analyze(tree, load_built_in("generic")).sites
    assert (site.place.path, site.end) == ("m1.py", PathEnd.UNKNOWN)


_CLOSE = 'def close(p):\n log.info(f"Position closed: {p.symbol} {p.side} entry={p.entry} exit={p.exit} pnl={p.pnl}")\n'


@pytest.mark.parametrize(
    "body", [pytest.param("+".join(["p"] * 900), id="a sum"), pytest.param("p" + ".a" * 900, id="attributes")]
)
def test_code_that_is_nested_too_deeply_is_no_error(body):
    tree = _tree(f"{_CLOSE} x = {body}\n record_trade(p)\n", "def record_trade(p): pass\n")
    assert [m.path for m in tree.modules] == ["m1.py"]
    analyze(tree, load_built_in("generic"))


@pytest.mark.parametrize(("count", "end"), [(20, PathEnd.CONDITIONAL), (3_000, PathEnd.UNKNOWN)])
def test_a_test_of_very_many_operands_settles_nothing(count, end):
    test = " and ".join(f"a{n}" for n in range(count))
    tree = _tree(f"{_CLOSE} {test} and record_trade(p)\n", "def record_trade(p): pass\n")
    assert {site.end for site in analyze(tree, load_built_in("generic")).sites} == {end}


def test_all_closes_of_a_source_share_the_statements_that_are_followed(monkeypatch):
    ends = {site.end for site in analyze(_closing(3), load_built_in("generic")).sites}
    assert ends == {PathEnd.RECORDED}
    monkeypatch.setattr(context, "_MOST_IN_ALL", 4)
    ends = {site.end for site in analyze(_closing(3), load_built_in("generic")).sites}
    assert ends == {PathEnd.RECORDED, PathEnd.UNKNOWN}


def test_a_key_of_very_many_parts_is_nested_too_deeply():
    with pytest.raises(TomlError, match="too deeply"):
        parse_toml(".".join(["a"] * 20_000).encode() + b" = 1")


def test_dots_in_a_text_nest_nothing():
    assert parse_toml(b'a.b = "' + b"." * 5_000 + b'"') == {"a": {"b": "." * 5_000}}
