"""Advice on profiles that load but could be better."""

from __future__ import annotations

import pytest

from logaudit.profiles import BUILT_IN, load_built_in, parse
from logaudit.profiles.check import check

SOUND = r"""
[blocks.close]
required = ["net_pnl"]
[[patterns]]
id = "closed"
event = "position-closed"
block = "close"
regex = 'sold (?P<symbol>\S+)'
samples = [{ line = "sold LTC-USDT", values = { symbol = "LTC-USDT" } }]
[[patterns]]
id = "close-net"
role = "part"
event = "position-closed"
block = "close"
regex = '^net: (?P<net_pnl>\S+)'
samples = [{ line = "net: -0.5", values = { net_pnl = "-0.5" } }]
[[patterns]]
id = "recorded"
event = "trade-acknowledged"
regex = 'row written'
samples = [{ line = "row written" }]
[[patterns]]
id = "failed"
event = "recorder-failed"
regex = 'row lost'
samples = [{ line = "row lost" }]
"""


def notes(text: str) -> tuple[str, ...]:
    return check(parse(("schema = 1\nname = 'x'\ntitle = 'x'\n" + text).encode(), "x.toml"))


def test_sound_profile_gets_no_advice() -> None:
    """Nothing is said where there is nothing to say."""
    assert notes(SOUND) == ()


#: freqtrade logs no success of its database; of the others' recorders nothing is documented.
UNSAID = {"freqtrade": ("trade-acknowledged",)} | dict.fromkeys(
    ("jesse", "nautilus-trader", "octobot", "passivbot"), ("trade-acknowledged", "recorder-failed")
)


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_profiles_get_no_advice(name: str) -> None:
    """What logaudit ships follows its own advice, as far as the bot says what the advice asks for."""
    unsaid = UNSAID.get(name, ())
    assert [
        note for note in check(load_built_in(name)) if not any(word in str(note) for word in unsaid)
    ] == []


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (
            (
                "'row written'\nsamples = [{ line = \"row written\" }]",
                "'[0-9]+'\nsamples = [{ line = '12' }]",
            ),
            "patterns 'recorded': its regex implies no fixed text",
        ),
        (
            (
                '"position-closed"\nblock = "close"\nregex = \'^net',
                '"position-opened"\nblock = "close"\nregex = \'^net',
            ),
            "patterns 'close-net': it says position-opened, but block 'close' is position-closed",
        ),
        (
            (
                'event = "position-closed"\nblock = "close"\nregex = \'sold',
                'event = "position-closed"\nregex = \'sold',
            ),
            "patterns 'close-net': no event opens block 'close', so this part is never used",
        ),
        (("[blocks.close]", "[blocks.spare]\n[blocks.close]"), "blocks.spare: no pattern belongs to it"),
        (
            ('["net_pnl"]', '["exit_price"]'),
            "blocks.close.required: no pattern of the block captures exit_price",
        ),
        (
            (
                '(?P<symbol>\\S+)\'\nsamples = [{ line = "sold LTC-USDT", values = { symbol = "LTC-USDT" } }]',
                "'\nsamples = [{ line = 'sold LTC-USDT' }]",
            ),
            "patterns 'closed': neither it nor its block captures symbol",
        ),
        (
            (', values = { net_pnl = "-0.5" }', ""),
            "patterns 'close-net': no sample states the value of net_pnl",
        ),
        (("'row lost'", "'row written|row lost'"), ""),
        (
            (
                "'row lost'\nsamples = [{ line = \"row lost\" }]",
                "'row'\nsamples = [{ line = 'row written late' }]",
            ),
            "patterns 'failed': sample 'row written late' is matched by 'recorded' before it",
        ),
        (('"trade-acknowledged"', '"recorder-ready"'), "none states trade-acknowledged"),
        (('"recorder-failed"', '"recorder-ready"'), "none states recorder-failed"),
        (('event = "position-closed"', 'event = "position-opened"'), "none states position-closed"),
    ],
)
def test_each_weakness_is_named(change: tuple[str, str], note: str) -> None:
    """One change to the sound profile gives the one piece of advice that fits it."""
    assert change[0] in SOUND
    found = notes(SOUND.replace(*change))
    assert any(note in text for text in found) if note else found == ()


def test_stages_must_be_provable() -> None:
    """A stage that nothing can show is no stage."""
    found = notes(
        SOUND
        + "[[stages]]\nid = 'A'\ntitle = { en = 'x' }\n"
        + "[[stages]]\nid = 'B'\ntitle = { en = 'x' }\nevents = ['run-started']\n"
        + "[[stages]]\nid = 'C'\ntitle = { en = 'x' }\npatterns = ['recorded']\n"
    )
    assert found == (
        "stages 'A': neither events nor patterns show that it happened.",
        "stages 'B': no pattern states run-started.",
    )


def test_pattern_of_another_emitter_shadows_nothing() -> None:
    """Two code paths may write the same words."""
    twin = "[[patterns]]\nid = 'again'\nevent = 'recorder-ready'\nregex = 'row written'\n"
    text = SOUND.replace("regex = 'row written'", "regex = 'row written'\nemitter = 'store:save'")
    assert notes(text + twin + "samples = [{ line = 'row written' }]\n") == ()
