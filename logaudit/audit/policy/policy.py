"""Settings → what a review needs, checked once: codes known, files read, times parsed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from logaudit.audit.policy.baseline import Baseline, load_baseline
from logaudit.audit.policy.codes import chosen_codes, codes_of
from logaudit.config import Resolved, Suppression, parse_age
from logaudit.core.finding import Severity
from logaudit.core.message import Param


class SuppressionRule(Struct, frozen=True):
    """A suppression ready to use: ``codes`` is empty for any rule."""

    suppression: Suppression
    codes: frozenset[str]
    origin: str


class Policy(Struct, frozen=True):
    """How to sort findings.

    Attributes:
        codes: rules that are judged; None for all.
        baseline: None without one.
        fail_on: None for never.
        zero: whether findings shall not count for the exit code.
        covered: share of one that must be covered; 0 for any.
        max_age: None for any.
        now: an aware moment; local: the zone that naive log times are taken to be in, at a naive moment.
        zone: what that zone is called.
        stated: whether the user stated it.
    """

    codes: frozenset[str] | None
    suppressions: tuple[SuppressionRule, ...]
    baseline: Baseline | None
    fail_on: Severity | None
    shown_from: Severity
    zero: bool
    covered: Decimal
    max_age: timedelta | None
    now: datetime
    local: Callable[[datetime], tzinfo]
    zone: Param
    stated: bool

    def judges(self, code: str) -> bool:
        """Whether findings of a rule count."""
        return self.codes is None or code in self.codes

    @classmethod
    def of(
        cls, resolved: Resolved, now: datetime, local: Callable[[datetime], tzinfo], zone: Param
    ) -> Policy:
        """The policy that the settings describe.

        Raises:
            UserError: an unknown rule, or a baseline that cannot be used.
        """
        settings, origins = resolved.settings, resolved.origins
        where = (resolved.where("select"), resolved.where("ignore"))
        return cls(
            codes=chosen_codes(settings.select, settings.ignore, where),
            suppressions=tuple(
                _rule(item, f"{origins['suppressions']}: suppressions[{i}]")
                for i, item in enumerate(settings.suppressions)
            ),
            baseline=load_baseline(Path(settings.baseline)) if settings.baseline else None,
            fail_on=None if settings.fail_on == "never" else Severity(settings.fail_on),
            shown_from=Severity(settings.min_severity),
            zero=settings.exit_zero,
            covered=Decimal(str(settings.require_coverage)),
            max_age=parse_age(settings.max_age),
            now=now,
            local=local,
            zone=zone,
            stated=bool(settings.tz),
        )


def _rule(item: Suppression, origin: str) -> SuppressionRule:
    return SuppressionRule(
        item, codes_of([item.rule], f"{origin}: rule") if item.rule else frozenset(), origin
    )
