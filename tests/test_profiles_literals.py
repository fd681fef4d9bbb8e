"""Derived literals must be in every line that a regex matches, else lines would be lost."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logaudit.profiles import BUILT_IN, load_built_in, parse, prefilter
from logaudit.profiles.literals import TABLE, regex_key, required_literals

REGEXES = (
    "closed position",
    "[Cc]losed|CLOSED",
    "(?:Opened|opened|OPENED) (?:a )?(?:long|short)",
    r"^\W*Position (?P<symbol>\S+) closed",
    "ab(cd|ce)f+gh",
    "(?:foo)+bar?baz",
    "(?:foo)*bar",
    "x{3}yz{0,2}abc",
    "(?:one|two|(?:three|four)five)six",
    "(?:|abc)def",
    "a|bcdef",
    "[abc]{2}tail",
    "[^a]bcd",
    "(?i:CASE)less",
    "(?i)nothing",
    "(?s).*middle.*",
    r"(?x) spaced \s out # remark",
    "(?=hay)hay[a-z]",
    "(?<=before)after",
    "(?!not)this",
    r"\bword\b",
    "(a)(b)(c)(d)",
    "((nested))ly",
    "(?:a|b|c|d|e|f|g|h|i)same",
    "[a-z]{3}[0-9]",
    r"(q)\1quick",
    "(?:Ошибка|ошибка) записи",
    "💰 ПОЗИЦИЯ",
)


@pytest.mark.parametrize("regex", REGEXES)
def test_every_matching_text_holds_a_literal(regex: str) -> None:
    """Whatever the regex matches contains at least one of its literals."""
    pattern = re.compile(regex)
    literals = required_literals(regex)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert not literals or any(literal in text for literal in literals)

    holds()


@pytest.mark.parametrize(
    ("regex", "literals"),
    [
        ("closed position", ("closed position",)),
        ("[Cc]losed|CLOSED", ("CLOSED", "Closed", "closed")),
        ("Created new (?:trades|unified) CSV: ", ("Created new trades CSV: ", "Created new unified CSV: ")),
        (r"Total: \d+ of", ("Total: ",)),
        (r"^ab\b", ()),
        ("(?i)closed", ()),
        ("(?i:trade) recorded", (" recorded",)),
        ("abcd|", ()),
        ("(?:long)?er", ()),
        ("TRADE|TRADED", ("TRADE",)),
        ("(?=.*needle)[a-z]", ("needle",)),
        (r"possessive\d++ends", ("possessive",)),
        (r"(?>atomic)\d", ("atomic",)),
        ("(?=.*(?:BTC|ETH)).*(?:closed|平仓)", ("closed", "平仓")),
        ("(?=.*(?:BTC|ETH)).*(?:closed|да)", ("BTC", "ETH")),
    ],
)
def test_literals_are_the_most_telling(regex: str, literals: tuple[str, ...]) -> None:
    """The longest obligatory text is found, and none where none is obligatory."""
    assert required_literals(regex) == literals


def test_the_table_of_built_in_literals_is_current() -> None:
    """A regex that was changed is not in the table: its literals would be derived in every scan."""
    profiles = [load_built_in(name) for name in BUILT_IN]
    regexes = {p.written for profile in profiles for p in profile.patterns}
    regexes |= {m.pattern for profile in profiles for m in profile.markers}
    table = json.loads(TABLE.read_bytes())
    assert table == {regex_key(regex): [*required_literals(regex)] for regex in regexes}


def profile_of(*regexes: str) -> str:
    patterns = (
        f"[[patterns]]\nid = 'p{i}'\nevent = 'run-started'\nregex = '{r}'\nsamples = [{{ line = '{line}' }}]\n"
        for i, (r, line) in enumerate(r.split(" => ") for r in regexes)
    )
    return "schema = 1\nname = 'x'\ntitle = 'x'\n" + "".join(patterns)


def test_prefilter_passes_every_line_that_a_pattern_matches() -> None:
    """Texts that begin alike, and one within the other, are all found."""
    text = profile_of(
        "started => it started", "startled => startled", "star(?:t|s) => stars", "[Ee]nd of => End of"
    )
    search = prefilter(parse(text.encode(), "x").patterns).search
    for line in ("it started", "startled", "all stars", "x end of y", "End of"):
        assert search(line)
    for line in ("", "sta", "ending", "END OF"):
        assert not search(line)


@pytest.mark.parametrize(
    "line", ["tick 5: BTC/USDT bid=60005.5 ask=60006.5", "Balance: 1024.55 USDT, 0.5 BTC"]
)
def test_a_line_that_only_names_markets_and_numbers_is_tried_on_no_pattern(line: str) -> None:
    """Most lines of many bots are such; one regex on each of them takes longer than all the rest of the reading."""
    for name in BUILT_IN:
        assert not prefilter(load_built_in(name).patterns).search(line)


def test_prefilter_with_an_underivable_pattern_passes_everything() -> None:
    """A pattern without literals must be tried on every line."""
    patterns = parse(profile_of(r"\d\d => 12", "started => started").encode(), "x").patterns
    assert prefilter(patterns).search("whatever")
    assert not prefilter(()).search("whatever")
