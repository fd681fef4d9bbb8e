"""Loading refuses every kind of broken profile, naming file, key and sample."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from logaudit.core.errors import ProfileError
from logaudit.core.events import EventKind
from logaudit.core.fields import FieldName
from logaudit.profiles import (
    BUILT_IN,
    PatternRole,
    Profile,
    load_built_in,
    load_file,
    parse,
    resolve,
    text_of,
)

HEAD = """
schema = 1
name = "mini"
title = "a bot of a few lines"
"""
CLOSED = r"""
[[patterns]]
id = "closed"
event = "position-closed"
regex = 'sold (?P<symbol>\S+) for (?P<net_pnl>\S+)'
samples = [{ line = "sold LTC-USDT for -0.5", values = { symbol = "LTC-USDT", net_pnl = "-0.5" } }]
rejects = ["sold out"]
"""


def load(text: str, head: str = HEAD) -> Profile:
    return parse((head + text).encode(), "mine.toml")


def refusal(text: str, head: str = HEAD) -> str:
    with pytest.raises(ProfileError) as caught:
        load(text, head)
    return str(caught.value)


def test_smallest_profile_reads_a_line() -> None:
    """Schema, name, title and one pattern are enough; everything else has a default."""
    profile = load(CLOSED)
    assert profile.name == "mini"
    assert profile.has(EventKind.POSITION_CLOSED)
    assert not profile.has(EventKind.RUN_STARTED)
    assert profile.pattern("closed").read("x sold ETH-USDT for 1.25 today") == {
        FieldName.SYMBOL: "ETH-USDT",
        FieldName.NET_PNL: "1.25",
    }
    assert profile.pattern("closed").read("bought ETH-USDT") is None
    assert profile.sides == {"long": "long", "short": "short"}


def test_everything_a_profile_can_hold_arrives() -> None:
    """Each table of the file ends up in its field."""
    profile = load(
        r"""
markers = ['mybot\.core']
[sides]
long = ["BUY"]
[fragments]
COIN = '[A-Z]{2,6}'
[[formats]]
format = "%(asctime)s %(message)s"
datefmt = "%H:%M"
[blocks.close]
window = 2.5
required = ["exit_price"]
[[patterns]]
id = "closed"
event = "position-closed"
block = "close"
regex = 'sold %{COIN:symbol}$'
emitter = 'core:sell'
set = { reason = "signal" }
samples = [{ line = "sold LTC", values = { symbol = "LTC", reason = "signal" } }]
[[patterns]]
id = "closed-at"
role = "part"
event = "position-closed"
block = "close"
regex = '^at %{NUMBER:exit_price}'
samples = [{ line = "at 84.125" }]
[ledger]
files = ["fills_*.csv"]
window = 30
columns = { symbol = ["Coin"], closed = ["When"] }
[[health]]
title = "ticks"
files = ["ticks_*.csv"]
[[stages]]
id = "A"
title = { en = "sells", ru = "продаёт" }
events = ["position-closed"]
patterns = ["closed"]
log_statement = "log.info('sold')"
"""
    )
    assert profile.markers[0].search("mybot.core:run")
    assert profile.sides["buy"] == "long"
    assert (profile.formats[0].format, profile.formats[0].datefmt) == ("%(asctime)s %(message)s", "%H:%M")
    assert profile.blocks["close"].window == 2.5
    assert profile.blocks["close"].required == (FieldName.EXIT_PRICE,)
    closed, part = profile.patterns
    assert closed.read("sold LTC") == {FieldName.SYMBOL: "LTC", FieldName.REASON: "signal"}
    assert closed.emitter is not None
    assert part.role is PatternRole.PART
    assert profile.ledger.columns == {"symbol": ("coin",), "closed": ("when",)}
    assert (profile.ledger.files, profile.ledger.window) == (("fills_*.csv",), 30.0)
    assert profile.health[0].time_column == "timestamp"
    assert profile.stages[0].title["ru"] == "продаёт"
    assert profile.stages[0].patterns == ("closed",)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("schema = [", "not valid TOML"),
        ("colour = 1", "colour"),
        (CLOSED + "regx = 1", "regx"),
        (CLOSED.replace("position-closed", "position-close"), "Did you mean 'position-closed'"),
        (CLOSED.replace("net_pnl", "netpnl"), "Did you mean 'net_pnl'"),
        (CLOSED.replace("for (?P", "for ((?P"), "not a regular expression"),
        (CLOSED.replace(r"'sold (?P<symbol>\S+) for (?P<net_pnl>\S+)'", "'(?:sold)?'"), "empty line"),
        (CLOSED.replace("sold (?P", "%{NUMBR} (?P"), "did you mean NUMBER"),
        (CLOSED.replace('id = "closed"', 'id = "My Close"'), "small letters"),
        (CLOSED + 'role = "parts"', "Did you mean 'part'"),
        (CLOSED + 'role = "part"', "must name the block"),
        (CLOSED + 'block = "close"', "'close' is not among [blocks]"),
        (CLOSED + 'emitter = "("', "emitter: not a regular expression"),
        (CLOSED + "set = { colour = '1' }", "'colour' is not known"),
        (CLOSED + CLOSED, "'closed' is used twice"),
        (CLOSED.split("samples", maxsplit=1)[0], "samples"),
        (CLOSED.split("samples", maxsplit=1)[0] + "samples = []", "samples"),
        ("markers = ['(']" + CLOSED, "markers[0]: not a regular expression"),
        ("markers = ['x*']" + CLOSED, "markers[0]: it matches an empty line"),
        ("[sides]\nup = ['buy']" + CLOSED, "'up' is not a side"),
        (
            "[sides]\nlong = ['buy']\nshort = ['BUY']" + CLOSED,
            "sides.short: 'BUY' already means the other side",
        ),
        ("[fragments]\ncoin = 'x'" + CLOSED, "fragments.coin: not a name"),
        ("[fragments]\nNUMBER = 'x'" + CLOSED, "fragments.NUMBER: not a name"),
        ("[fragments]\nCOIN = '('" + CLOSED, "fragments.COIN: not a regular expression"),
        ("[fragments]\nA = '%{B}'\nB = '%{A}'" + CLOSED, "in a circle"),
        ("[blocks.close]\nwindow = 0" + CLOSED, "window"),
        ("[blocks.close]\nrequired = ['exit']" + CLOSED, "blocks.close.required: 'exit' is not known"),
        ("[ledger.columns]\nprice = ['p']" + CLOSED, "ledger.columns: 'price' is not a column"),
        ("[ledger]\nwindow = 'long'" + CLOSED, "window"),
        (CLOSED + "[[health]]\ntitle = 'x'\nfiles = []", "files"),
        (CLOSED + "[[stages]]\nid = 'A'\ntitle = { ru = 'x' }", "stages[0] 'A': title: the English title"),
        (
            CLOSED + "[[stages]]\nid = 'A'\ntitle = { en = 'x' }\nevents = ['close']",
            "stages[0] 'A': events: 'close'",
        ),
        (
            CLOSED + "[[stages]]\nid = 'A'\ntitle = { en = 'x' }\npatterns = ['close']",
            "no pattern is called 'close'. Did you mean 'closed'?",
        ),
        (CLOSED + 2 * "[[stages]]\nid = 'A'\ntitle = { en = 'x' }\n", "stages: id: 'A' is used twice"),
    ],
)
def test_each_fault_is_named_with_its_file_and_key(text: str, key: str) -> None:
    """The message starts with the file, and says which key is wrong."""
    message = refusal(text)
    assert message.startswith("mine.toml: ")
    assert key in message


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("schema = 2\nname = 'n'\ntitle = 't'", "version 2 is not known; this logaudit reads 1"),
        ("schema = 2\nlater_key = 1", "version 2 is not known"),
        ("name = 'n'\ntitle = 't'", "schema"),
        ("schema = 1\nname = 'My Bot'\ntitle = 't'", "name: 'My Bot' is not a name"),
        ("schema = 1\nname = 'n'\ntitle = ''", "title"),
    ],
)
def test_faults_of_the_head_are_named(head: str, key: str) -> None:
    """Another version is said before its unknown keys are complained about."""
    assert key in refusal(CLOSED, head + "\n")


def test_profile_without_patterns_is_refused() -> None:
    """A profile that recognises nothing is a mistake."""
    assert "patterns" in refusal("")


def test_bytes_that_are_no_utf8_are_refused() -> None:
    """The place of the first bad byte is said."""
    with pytest.raises(ProfileError, match="not UTF-8 at byte 2"):
        parse(b"# \xff", "mine.toml")


def test_sample_that_does_not_match_is_quoted() -> None:
    """File, pattern, sample number and the sample itself are in the message."""
    message = refusal(CLOSED.replace('line = "sold LTC-USDT', 'line = "bought LTC-USDT'))
    assert "mine.toml: patterns[0] 'closed': samples[0]" in message
    assert "'bought LTC-USDT for -0.5'" in message


def test_sample_with_another_value_is_quoted() -> None:
    """Both values and the sample are in the message."""
    message = refusal(CLOSED.replace('net_pnl = "-0.5"', 'net_pnl = "0.5"'))
    assert "samples[0]: net_pnl is '-0.5', not '0.5', in 'sold LTC-USDT for -0.5'" in message


def test_reject_that_matches_is_quoted() -> None:
    """A pattern that matches what it must not is refused with that line."""
    message = refusal(CLOSED.replace('"sold out"', '"sold out for lunch"'))
    assert "patterns[0] 'closed': rejects[0]: the regex matches 'sold out for lunch'" in message


def test_missing_file_is_a_user_error(tmp_path: Path) -> None:
    """A path that cannot be read is named."""
    with pytest.raises(ProfileError, match=r"none\.toml cannot be read"):
        load_file(tmp_path / "none.toml")


def test_path_and_name_are_told_apart(tmp_path: Path) -> None:
    """What looks like a path is read as one, anything else is a built-in name."""
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + CLOSED).replace("\n", "\r\n").encode())
    assert resolve(str(path)).name == "mini"
    assert resolve("generic").name == "generic"


def test_unknown_name_offers_the_nearest() -> None:
    """A slip in a built-in name is answered with the name."""
    with pytest.raises(ProfileError, match=r"Did you mean generic\?"):
        load_built_in("genric")
    with pytest.raises(
        ProfileError,
        match="Built in: freqtrade, generic, hummingbot, jesse, nautilus-trader, octobot, okx-scalper",
    ):
        load_built_in("zzz")


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_profiles_load_and_can_be_sent_to_workers(name: str) -> None:
    """Every built-in profile holds its own samples, which loading takes for granted, and survives pickling."""
    profile = load_built_in(name)
    assert parse(text_of(name).encode(), f"{name}.toml") == profile
    assert profile.name == name
    assert pickle.loads(pickle.dumps(profile)).patterns == profile.patterns  # noqa: S301 - written here


def test_text_of_a_built_in_profile_is_a_profile() -> None:
    """What is shown to start from can be started from."""
    assert parse(text_of("generic").encode(), "copy.toml").name == "generic"
    with pytest.raises(ProfileError, match="no profile named"):
        text_of("none")


def test_guide_is_right() -> None:
    """Every profile and piece of one that the guide shows loads."""
    guide = (Path(__file__).parent.parent / "docs" / "profiles.md").read_text(encoding="utf-8")
    whole, *pieces = (block.partition("```")[0] for block in guide.split("```toml\n")[1:])
    head, mark, patterns = whole.partition("[[patterns]]")
    assert parse(whole.encode(), "guide.toml").has(EventKind.RECORDER_FAILED)
    assert len(pieces) > 4
    for piece in pieces:
        rest = "" if mark in piece else mark + patterns
        assert parse((head + piece + rest).encode(), "guide.toml").patterns


def test_only_the_beginning_of_an_endless_line_is_looked_at() -> None:
    """A match beyond the limit is none: time must not grow with what a bot dumps into one line."""
    closed = load(CLOSED).pattern("closed")
    assert closed.read("x" * 9000 + " sold LTC-USDT for 1") is None
    assert closed.read("sold LTC-USDT for 1 " + "x" * 9000) is not None
