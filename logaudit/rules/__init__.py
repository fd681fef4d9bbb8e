"""The rules, one file each; registration is one explicit line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import takewhile
from types import ModuleType
from typing import Final, TypeAlias

from msgspec import Struct

from logaudit.core.diagnosis import Diagnosis
from logaudit.core.errors import UserError
from logaudit.core.finding import Finding, Needs, Rule
from logaudit.core.policy_result import RulePage
from logaudit.core.stopped import stopped
from logaudit.reconcile.reconciled import Case
from logaudit.rules import la905_rule_failed
from logaudit.rules.base import Check, by_settings

#: A check that finds its answer in the case's diagnosis.
DiagnosedCheck: TypeAlias = Callable[[Case, Diagnosis], Iterator[Finding]]


class Registered(Struct, frozen=True):
    """A rule, its check and its page; ``check_diagnosed`` spares the check what the diagnosis has found already."""

    rule: Rule
    check: Check
    page: str
    check_diagnosed: DiagnosedCheck | None = None

    def run(self, case: Case, diagnosis: Diagnosis) -> Iterator[Finding]:
        """The rule's findings; ``diagnosis`` must be the case's own."""
        return self.check(case) if self.check_diagnosed is None else self.check_diagnosed(case, diagnosis)


#: The modules of the rules, in the order of their codes.
_MODULES: Final = """
    la101_missing_row
    la102_silent_recorder
    la103_false_acknowledgement
    la104_unacknowledged_row
    la105_orphan_row
    la106_value_mismatch
    la107_duplicate_row
    la108_recorder_error
    la109_recorder_never_ready
    la110_blind_code_path
    la111_counter_break
    la113_exchange_close_unrecorded
    la114_row_stands_open
    la115_fill_unrecorded
    la116_open_unrecorded
    la201_missing_ledger
    la202_empty_ledger
    la203_malformed_row
    la204_arithmetic_mismatch
    la205_backfilled_rows
    la206_header_drift
    la207_ledger_rewritten
    la208_ledger_convention
    la209_table_not_understood
    la301_timezone_shifted_ledger
    la302_ledger_not_rolled
    la303_clock_offset
    la304_clock_jump
    la305_daylight_saving
    la401_unreadable_source
    la402_coverage_gap
    la403_over_rotation
    la404_unparsed_lines
    la405_stream_divergence
    la406_secret_in_log
    la407_nothing_recognised
    la408_ledger_elsewhere
    la501_close_without_open
    la502_open_without_close
    la503_double_close
    la601_blind_call_site
    la602_recorder_call_fails
    la603_conditional_recording
    la604_source_mismatch
    la605_blind_path_unfired
    la901_stale_logs
    la902_thin_coverage
    la903_expired_suppression
    la904_unused_suppression
    la905_rule_failed
"""


def _register(module: ModuleType) -> Registered:
    return Registered(
        module.RULE, module.check, (module.__doc__ or "").strip(), getattr(module, "check_diagnosed", None)
    )


#: What a hand writes for the digits of a code.
_LETTERS_FOR_DIGITS: Final = str.maketrans("oil", "011")

REGISTRY: Final = tuple(_register(import_module(f"{__name__}.{name}")) for name in _MODULES.split())


def rulebook() -> tuple[RulePage, ...]:
    """Every rule with its page and its needs, in the order of codes."""
    return tuple(
        RulePage(
            code=r.rule.code,
            name=r.rule.name,
            severity=r.rule.severity,
            summary=r.rule.summary,
            page=r.page,
            needs_logs=r.rule.needs in (Needs.BOTH, Needs.LOGS),
            needs_ledger=r.rule.needs in (Needs.BOTH, Needs.LEDGER),
            about_scan=r.check is by_settings,
        )
        for r in REGISTRY
    )


def run_all(case: Case, diagnosis: Diagnosis) -> Iterator[Finding]:
    """Every rule's findings, rule by rule; a rule that fails costs what it would still have found."""
    for registered in REGISTRY:
        try:
            yield from registered.run(case, diagnosis)
        except Exception as error:  # noqa: BLE001 - no value in the evidence ends a scan
            yield la905_rule_failed.failed(stopped(registered.rule.code, "", error), case)


def find(code: str) -> Registered:
    """The rule of a code or name, any case.

    Raises:
        UserError: there is none; a near miss is offered.
    """
    wanted = code.strip().lower()
    for registered in REGISTRY:
        if wanted in (registered.rule.code.lower(), registered.rule.name):
            return registered
    names = [word for r in REGISTRY for word in (r.rule.code.lower(), r.rule.name)]
    # Codes are all alike to difflib: of its matches the one with the longest common beginning is meant.
    typed = wanted[:2] + wanted[2:].translate(_LETTERS_FOR_DIGITS)
    close = [typed] if typed in names else difflib.get_close_matches(wanted, names, 8)
    near = max(close, key=lambda name: _shared(name, wanted), default="")
    hint = f"Did you mean {near.upper() if near.startswith('la') else near}?" if near else ""
    raise UserError(f"There is no rule {code!r}.", hint or "`logaudit rule` lists them all.")


def _shared(left: str, right: str) -> int:
    """How many letters two words have in common at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))
