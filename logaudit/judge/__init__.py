"""Case → outcome: runs the rules, states what works, and lays everything out for renderers."""

from logaudit.judge.outcome import judge

__all__ = ["judge"]
