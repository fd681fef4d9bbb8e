"""Garbage is collected while sources are read, and otherwise not."""

from __future__ import annotations

import gc

import pytest

from logaudit.core.gc_policy import disabled, enabled


def test_reading_is_collected_inside_of_a_command() -> None:
    """The inner wish counts, and each leaves what it found."""
    assert gc.isenabled()
    with disabled():
        assert not gc.isenabled()
        with enabled():
            assert gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.unfreeze()


def test_what_was_there_before_reading_is_not_looked_through_while_it_lasts() -> None:
    """Imports and settings stay as long as the process."""
    there = [[]]
    with enabled():
        made = [[]]
        seen = gc.get_objects()
        assert any(thing is made for thing in seen)
        assert all(thing is not there for thing in seen)
        del seen
    assert any(thing is there for thing in gc.get_objects())


def test_what_a_command_made_is_not_looked_through_again() -> None:
    """It takes a while, and the process ends anyway."""
    try:
        with disabled():
            made = [[]]
            assert any(thing is made for thing in gc.get_objects())
        assert all(thing is not made for thing in gc.get_objects())
    finally:
        gc.unfreeze()


@pytest.mark.parametrize("within", [enabled, disabled])
def test_an_error_leaves_the_collector_as_it_was(within) -> None:
    """A command that fails must not change the process it runs in."""
    with pytest.raises(ValueError, match="broken"), within():
        raise ValueError("broken")
    assert gc.isenabled()
    gc.unfreeze()
