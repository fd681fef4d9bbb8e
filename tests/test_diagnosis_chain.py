"""The chain learned from good trades: what follows recorded closes only, without knowing the recorder."""

from __future__ import annotations

import pytest
from diagnosed import expected, fixture
from msgspec.structs import replace
from world import BY_REASON, MANUAL, Deal, World, later

from logaudit.core.diagnosis import Divergence
from logaudit.core.message import plain_text

BASE = Deal("10:05:00.250")


def deals(count: int, start: int = 10) -> list[Deal]:
    """Deals five minutes apart."""
    return [replace(BASE, closed=f"{start}:{n * 5:02d}:00.250", held=60) for n in range(1, count + 1)]


def divergence(world: World) -> Divergence:
    (found,) = world.scan().diagnosis.divergences
    return found


def around(
    world: World, deal: Deal, *messages: str, by: str = "bot.book:append:7", after: float = 0.03
) -> None:
    """Lines near a close, one millisecond apart."""
    for n, message in enumerate(messages):
        world.say(later(deal.at, after + n / 1000), message, by=by)


def test_lines_that_follow_recorded_closes_only_are_the_lost_steps(tmp_path):
    world = World(tmp_path)
    for deal in deals(4):
        world.kept(deal)
        around(world, deal, f"margin of {deal.symbol} is free", f"row {deal.net} of {deal.symbol} appended")
    for deal in deals(4, start=11):
        world.lost(deal)
        around(world, deal, f"margin of {deal.symbol} is free")
    found = divergence(world)
    lost = {(s.emitter, s.template): (s.recorded, s.of_recorded, s.missing, s.of_missing) for s in found.lost}
    assert lost["bot.book:append", "row # of {symbol} appended"] == (4, 4, 0, 4)
    assert not any("margin" in s.template for s in found.lost)
    assert [s.template for s in found.shared if s.place == "after"] == ["margin of {symbol} is free"]
    (step,) = [s for s in found.lost if s.template.startswith("row")]
    assert step.delay == 31_000
    assert (step.example.path, step.example.line) == (world.log, world.spot("row 1.9").line)


def test_the_words_of_a_close_by_another_path_are_no_lost_step(tmp_path):
    world = World(tmp_path)
    world.kept(*deals(4), by=MANUAL)
    world.lost(*deals(4, start=11), by=BY_REASON)
    assert [s.template for s in divergence(world).lost] == [
        "📊 TRADE RECORDED | Total: # | Win Rate: #% | Daily PnL: $#"
    ]


def test_a_message_that_another_function_says_after_lost_closes_is_no_lost_step(tmp_path):
    """Either path frees its margin in a function of its own: the step was not left out, nor is it an extra one."""
    world = World(tmp_path)
    for deal in deals(4):
        world.kept(deal)
        around(world, deal, f"margin of {deal.symbol} is free", by="bot.book:settle:7")
    for deal in deals(4, start=11):
        world.lost(deal)
        around(world, deal, f"margin of {deal.symbol} is free", by="bot.panic:settle:9")
    found = divergence(world)
    assert not any("margin" in s.template for s in (*found.lost, *found.extra))


def test_lines_that_follow_lost_closes_only_are_extra(tmp_path):
    world = World(tmp_path)
    world.kept(*deals(4))
    for deal in deals(4, start=11):
        world.lost(deal)
        around(world, deal, f"no recorder for {deal.symbol}")
    assert "no recorder for {symbol}" in [s.template for s in divergence(world).extra]


def test_a_line_between_two_closes_belongs_to_the_one_whose_symbol_it_names(tmp_path):
    world = World(tmp_path)
    for deal in deals(4):
        other = replace(deal, closed=later(deal.at, 0.6), symbol="ETH-USDT", entry="3000.0", exit="3010.0")
        world.kept(deal)
        world.lost(other)
        # Said after the lost close, about the recorded one.
        around(world, deal, f"row of {deal.symbol} appended", after=0.9)
    (step,) = [s for s in divergence(world).lost if s.template.startswith("row of")]
    assert (step.recorded, step.missing) == (4, 0)


def test_surroundings_cut_by_the_end_of_a_source_do_not_count(tmp_path):
    world = World(tmp_path, log="", end="11:30:00")
    world.kept(*deals(4))
    world.lost(*deals(4, start=11))
    # Each file ends 10 ms after a close, before the recorder's line; the last one goes on.
    cuts = [later(deal.at, 0.01)[:23] for deal in deals(1)]
    lines = sorted(world.lines)
    first = [line for line in lines if line[:23] <= cuts[0]]
    world.write("futures_main_2026-01-10.2026-01-10_10-00-00_000000.log", first)
    world.write("futures_main_2026-01-10.log", lines[len(first) :])
    (step,) = [s for s in divergence(world).lost if "TRADE RECORDED" in s.template]
    assert (step.recorded, step.of_recorded, step.of_missing) == (3, 3, 4)


@pytest.mark.parametrize(("kept", "lost"), [(2, 5), (5, 2), (0, 4)])
def test_too_few_of_either_kind_are_told_in_words(tmp_path, kept, lost):
    world = World(tmp_path)
    world.kept(*deals(kept))
    world.lost(*deals(lost, start=11))
    found = divergence(world)
    assert (found.shared, found.lost, found.extra) == ((), (), ())
    assert plain_text(found.abstained, spaced=True) == (
        f"Whole surroundings of {kept} recorded and {lost} lost closes are too few to learn the recorder's chain "
        "from; at least 3 of each are needed."
    )


def test_a_profile_that_knows_opens_and_closes_only_still_finds_the_journal():
    (found,) = fixture("open-close-only").diagnosis.divergences
    assert {s.emitter for s in found.lost} == set(expected("open-close-only")["divergence"])
