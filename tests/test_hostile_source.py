"""Sources and settings made to be slow: what is looked through for one class, call or key is not for each of them."""

from __future__ import annotations

import time

import pytest

from logaudit.codepaths import names
from logaudit.codepaths.model import SourceFile, SourceFiles
from logaudit.codepaths.names import Names
from logaudit.codepaths.parse import parse_source
from logaudit.core.toml import TomlError, parse_toml


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


def test_a_key_of_very_many_parts_is_nested_too_deeply():
    with pytest.raises(TomlError, match="too deeply"):
        parse_toml(".".join(["a"] * 20_000).encode() + b" = 1")


def test_dots_in_a_text_nest_nothing():
    assert parse_toml(b'a.b = "' + b"." * 5_000 + b'"') == {"a": {"b": "." * 5_000}}
