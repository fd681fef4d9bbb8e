"""The search for conditions: the smallest set, nearest to the code, beyond chance, and nothing for noise."""

from __future__ import annotations

import random
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logaudit.diagnosis.attributes import Attribute, CloseCase
from logaudit.diagnosis.search import Search


@dataclass(frozen=True)
class Moment:
    """A close's time that is nothing but its place in the order."""

    place: int

    def iso(self) -> str:
        return f"2026-01-10T10:00:{self.place:02d}"


def case(place: int, *, missing: bool, **values: str) -> CloseCase:
    """A close with the attributes given, underscores for hyphens."""
    known = {Attribute(name.replace("_", "-")): value for name, value in values.items()}
    return CloseCase(SimpleNamespace(id=str(place), at=Moment(place)), missing, known)


def dice_of(seed: int) -> random.Random:
    """Dice that roll alike every time."""
    return random.Random(seed)  # noqa: S311 - made-up worlds must repeat, not be secret


def cases(*kinds: tuple[int, bool, dict[str, str]], seed: int = 1) -> list[CloseCase]:
    """So many closes of each kind, in an order of dice."""
    flat = [(missing, values) for count, missing, values in kinds for _ in range(count)]
    dice_of(seed).shuffle(flat)
    return [case(i, missing=missing, **values) for i, (missing, values) in enumerate(flat)]


def found(closes: list[CloseCase]) -> list[str]:
    """What is named, ``a=x&b=y`` each."""
    return ["&".join(f"{c.attribute}={c.value}" for c in one.conditions) for one in Search(closes).best()]


def test_one_code_path_that_loses_all():
    closes = cases((7, True, {"path": "a:lose"}), (5, False, {"path": "a:keep"}))
    assert found(closes) == ["path=a:lose"]


def test_the_code_path_is_named_where_the_reason_says_the_same():
    closes = cases(
        (7, True, {"reason": "tp", "path": "a:lose", "caller": "b:tick"}),
        (5, False, {"reason": "sl", "path": "a:keep", "caller": "b:other"}),
    )
    assert found(closes) == ["path=a:lose"]


def test_two_causes_are_two_conditions_the_larger_first():
    closes = cases(
        (8, True, {"path": "a:lose", "reason": "tp"}),
        (4, True, {"path": "a:keep", "reason": "cut"}),
        (8, False, {"path": "a:keep", "reason": "tp"}),
    )
    assert found(closes) == ["path=a:lose", "reason=cut"]


def test_a_function_that_loses_for_one_reason_only_is_a_pair():
    closes = cases(
        (6, True, {"path": "a:one", "reason": "tp"}),
        (6, False, {"path": "a:one", "reason": "sl"}),
        (6, False, {"path": "a:two", "reason": "tp"}),
    )
    assert found(closes) == ["path=a:one&reason=tp"]


def test_two_paths_are_named_rather_than_the_reason_they_share():
    closes = cases(
        (6, True, {"path": "a:one", "reason": "tp"}),
        (6, True, {"path": "a:two", "reason": "tp"}),
        (8, False, {"path": "a:three", "reason": "sl"}),
    )
    assert found(closes) == ["path=a:one", "path=a:two"]


def test_a_single_false_alarm_among_many_does_not_hide_a_path():
    closes = cases(
        (20, True, {"path": "a:lose"}), (1, False, {"path": "a:lose"}), (15, False, {"path": "a:keep"})
    )
    (only,) = Search(closes).best()
    assert only.conditions[0].value == "a:lose"


def test_a_line_is_named_where_the_function_both_records_and_loses():
    closes = cases(
        (6, True, {"path": "a:f", "line": "a:f:10"}), (6, False, {"path": "a:f", "line": "a:f:20"})
    )
    assert found(closes) == ["line=a:f:10"]


def test_losses_from_a_moment_on():
    closes = [case(i, missing=i >= 12, path="a:f", reason="tp" if i % 2 else "sl") for i in range(24)]
    assert found(closes) == ["from=2026-01-10T10:00:12"]


def test_two_lost_closes_name_nothing():
    assert found(cases((2, True, {"path": "a:lose"}), (30, False, {"path": "a:keep"}))) == []


def test_what_all_closes_share_names_nothing():
    assert found(cases((6, True, {"path": "a:f"}), (6, False, {"path": "a:f"}))) == []


def noise(seed: int, count: int = 24) -> list[CloseCase]:
    """Closes whose outcome has nothing to do with them."""
    dice = dice_of(seed)
    return [
        case(
            i,
            missing=dice.random() < 0.4,
            path=f"p{dice.randrange(3)}",
            reason=f"r{dice.randrange(5)}",
            symbol=f"s{dice.randrange(4)}",
            side=f"d{dice.randrange(2)}",
            caller=f"c{dice.randrange(4)}",
            hour=f"{i * 5 // count:02d}",
        )
        for i in range(count)
    ]


def test_noise_is_named_less_than_once_in_fifty_worlds():
    assert sum(bool(found(noise(seed))) for seed in range(200)) < 4


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_every_condition_named_explains_losses_the_others_do_not(seed):
    search = Search(noise(seed, 40))
    chosen = search.best()
    for one in chosen:
        others = 0
        for other in chosen:
            others |= other.mask if other is not one else 0
        assert search.hits(one.mask & ~others) >= 3
        assert search.alarms(one.mask) * 10 <= search.hits(one.mask)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_closes_does_not_matter_for_conditions_on_code(seed):
    closes = cases(
        (12, True, {"path": "a:lose", "reason": "tp"}),
        (7, True, {"path": "a:keep", "reason": "cut"}),
        (16, False, {"path": "a:keep", "reason": "sl"}),
        seed=seed,
    )
    assert found(closes) == ["path=a:lose", "reason=cut"]


def test_thousands_of_closes_are_searched_in_a_moment():
    dice = dice_of(3)
    closes = []
    for i in range(3000):
        path = f"p{dice.randrange(4)}"
        values = {"path": path, "reason": f"r{dice.randrange(9)}", "symbol": f"s{dice.randrange(40)}"}
        closes.append(case(i, missing=path == "p1", **values))
    assert found(closes) == ["path=p1"]
