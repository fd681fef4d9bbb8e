"""Causes in English: titles, what each predicts, what was found, and what to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.finding import Data
from logaudit.core.text import plural
from logaudit.core.timestamp import SECOND, span_text
from logaudit.renderers.phrases.fill import Template, number, strings, text

_Params = Mapping[str, Data]
_SILENCE: Final = "The lost closes are followed by neither an acknowledgement nor an error of the recorder."
_ACKNOWLEDGED: Final = "The recorder acknowledged the lost trades."
_NO_ROW: Final = "The ledgers at hand have no row of these runs."

CAUSES: Final[dict[str, Template]] = {
    "recorder-never-initialised.title": "The recorder was never initialised",
    "recorder-never-initialised.no-ready-line": (
        "The runs with losses show no line of the recorder's initialisation."
    ),
    "recorder-never-initialised.no-row": _NO_ROW,
    "recorder-never-initialised.no-ledger": "No ledger was created.",
    "recorder-never-initialised.check": (
        "Look for the recorder's initialisation in the logs of the run's start, and log it."
    ),
    "logged-elsewhere.title": (
        "The recorder was initialised, but its lines went to another stream, level or time"
    ),
    "logged-elsewhere.unheard": "No line of the recorder at all stands in the streams at hand.",
    "logged-elsewhere.outside": "The lines that are missing belong where nothing is at hand.",
    "logged-elsewhere.ledger-exists": "The recorder worked all the same: its ledger exists.",
    "logged-elsewhere.check": (
        "Look through every stream of the run, its start included, and compare the sinks' levels and "
        "filters with the "
        "recorder's module. This would explain the missing lines; the missing row needs one of the other "
        "causes besides."
    ),
    "path-never-calls-recorder.title": "A code path that closes positions never calls the recorder",
    "path-never-calls-recorder.separate": "Lost trades come from code paths that record none.",
    "path-never-calls-recorder.silence": _SILENCE,
    "path-never-calls-recorder.leaves": "Lines follow the recorded closes that follow no lost one.",
    "path-never-calls-recorder.check": "Read each function that closes positions: does it call the recorder?",
    "called-without-result.title": (
        "The recorder's caller has no trade result (None or malformed) and skips the call"
    ),
    "called-without-result.named": "A line says that there was no result.",
    "called-without-result.silence": _SILENCE,
    "called-without-result.check": (
        "Log what the closing function returns and what the check before the recorder's call sees, its else "
        "branch included."
    ),
    "exception-swallowed.title": "The recorder raises, and the exception is swallowed",
    "exception-swallowed.silence": _SILENCE,
    "exception-swallowed.errors-near": (
        "Errors are logged right after lost closes, and not after recorded ones."
    ),
    "exception-swallowed.check": (
        "Log the exception in every except of the recorder and of its callers, and check that the level of "
        "its logger "
        "is not above ERROR."
    ),
    "acknowledged-without-writing.title": (
        "The recorder acknowledges a trade before it writes, or without writing"
    ),
    "acknowledged-without-writing.acknowledged": _ACKNOWLEDGED,
    "acknowledged-without-writing.counted": (
        "The recorder's running total counts more trades than there are rows."
    ),
    "acknowledged-without-writing.check": (
        "Acknowledge after the row is flushed, with the path and the number of the row."
    ),
    "written-under-another-date.title": (
        "The row stands under another date: another time zone, or a file not begun anew"
    ),
    "written-under-another-date.stray-rows": "A row at hand shows a lost trade's figures at another time.",
    "written-under-another-date.zone": (
        "The file of the date that the close has in another zone holds the row."
    ),
    "written-under-another-date.not-rolled": "The file of the day on which the run began holds the row.",
    "written-under-another-date.check": (
        "Compare the date in the ledger's name with the clock that names it (utcnow or now)."
    ),
    "written-in-another-folder.title": "The rows are written into a file in another folder",
    "written-in-another-folder.no-row": _NO_ROW,
    "written-in-another-folder.named": "The recorder names a ledger that is not at hand.",
    "written-in-another-folder.expected": "No ledger lies where ledgers of this bot lie.",
    "written-in-another-folder.check": (
        "Check the directory that the bot runs in: a relative path leads elsewhere from another one. Look "
        "for further "
        "ledgers of the same name."
    ),
    "ledger-overwritten.title": (
        "The rows were written and lost again: the ledger was overwritten or truncated"
    ),
    "ledger-overwritten.oldest-gone": "Rows older than the losses are gone as well.",
    "ledger-overwritten.acknowledged": _ACKNOWLEDGED,
    "ledger-overwritten.check": (
        "Check in which mode the ledger is opened, and whether anything else writes or copies it."
    ),
    "died-before-flush.title": "The process died before a buffer reached the file",
    "died-before-flush.nothing-after": "No row of the run was written after the losses.",
    "died-before-flush.ends-soon": "The log ends right after the losses.",
    "died-before-flush.check": "Flush after each row, and look at how the process ended.",
    "log-lines-lost.title": "Rotation or compression lost the recorder's lines",
    "log-lines-lost.broken": "The logs break off where the recorder would have spoken.",
    "log-lines-lost.unreadable": "Parts of the logs cannot be read.",
    "log-lines-lost.check": (
        "Test the archives, and compare the last line of each part with the first one of the next."
    ),
    "apparent-only.title": "The loss is only apparent: the ledger that holds the rows is not at hand",
    "apparent-only.not-at-hand": "The ledger in force is not among the files at hand.",
    "apparent-only.no-row": _NO_ROW,
    "apparent-only.check": "Look on the bot's machine for the ledger of that day, and scan again with it.",
    "write-failed.title": "The write failed, and the recorder logged it",
    "write-failed.logged": "The recorder logged errors at the lost closes.",
    "write-failed.check": "Read the recorder's error: disk, permission, path or lock.",
}


def _ready_line(params: _Params) -> str:
    runs = number(params, "runs")
    each = "" if runs == 1 else f", in each of {runs} runs with losses"
    return f"The recorder reported that it was ready, first at {text(params['at'])}{each}."


def _heard(params: _Params) -> str:
    return f"{plural(number(params, 'count'), 'line')} of the recorder in {', '.join(strings(params, 'streams'))}."


def _unheard(params: _Params) -> str:
    levels = ", ".join(strings(params, "levels")) or "not shown"
    return f"Not observed in {', '.join(strings(params, 'streams')) or 'any stream'}, levels {levels}."


def _rows_of_same_run(params: _Params) -> str:
    return f"{plural(number(params, 'rows'), 'row')} of the same runs in {text(params['file'])}."


def _held(params: _Params) -> str:
    rows = number(params, "rows")
    return f"{text(params['file'])} holds {plural(rows, 'row') if rows else 'no row at all, only its header'}"


def _none_fits(params: _Params) -> str:
    return ", none that fits a lost trade" if number(params, "rows") else ""


def _of(params: _Params) -> str:
    return f"{number(params, 'count')} of {plural(number(params, 'missing'), 'lost close')}"


def _zone(params: _Params) -> str:
    zone = text(params["zone"])
    if zone:
        return f"At {zone}, the close at {text(params['closed'])}"
    return (
        f"The close at {text(params['time'])} local lies on {text(params['date'])} in UTC for every offset up to "
        f"{text(params['turn'])}"
    )


def _zone_ruled_out(params: _Params) -> str:
    if text(params["zone"]):
        file = text(params["file"])
        return f"{_zone(params)} belongs to {file} by UTC date; no row there fits: {_held(params)}."
    return f"{_zone(params)}. For others its row would be in the file of {text(params['other'])}: {_held(params)}."


def _same_date(params: _Params) -> str:
    if text(params["zone"]):
        return f"{_zone(params)} lies on {text(params['date'])} in UTC as well: no other file could hold it."
    return f"{_zone(params)}, and ledgers at hand bear no other date that it could have."


FOUND: Final[dict[str, Template]] = {
    "found.profile-cannot-tell": "The profile knows no such line of this bot.",
    "found.ready-line": _ready_line,
    "found.no-ready-line": "The runs' starts are in the logs and show none. Searched: {streams}.",
    "found.start-outside": (
        "The run began before {from}, the first line at hand: its start records are not among the logs."
    ),
    "found.start-covered": "The runs' starts are in the logs at hand.",
    "found.no-row": "No row.",
    "found.rows-of-same-run": _rows_of_same_run,
    "found.no-ledger": "No ledger is at hand.",
    "found.ledger-header-only": (
        "{file} exists with its header only: something created it, in this run or an earlier one."
    ),
    "found.ledger-with-rows": lambda p: f"{_held(p)}.",
    "found.ledger-in-place": lambda p: f"{_held(p)}, and lies where it should.",
    "found.recorder-heard": _heard,
    "found.recorder-unheard": _unheard,
    "found.silent": lambda p: f"So for {_of(p)}.",
    "found.not-silent": "The recorder spoke at every one of them.",
    "found.paths-mixed": lambda p: (
        f"{', '.join(strings(p, 'paths'))}: trades of the same code path are recorded and lost."
    ),
    "found.not-by-code": "What sets the lost trades apart is not the code path.",
    "found.steps-lost": lambda p: (
        f"{plural(number(p, 'count'), 'line')} follow recorded closes only, by {', '.join(strings(p, 'emitters'))}."
    ),
    "found.no-steps-lost": "No line follows recorded closes only.",
    "found.no-result-named": lambda p: f"Said at {_of(p)}.",
    "found.no-line-for-it": "No such line; the code may skip without a word.",
    "found.errors-near": lambda p: (
        f"After {_of(p)}, and after {plural(number(p, 'recorded'), 'recorded one', 'recorded ones')}."
    ),
    "found.no-errors-near": "Not observed; a swallowed exception leaves no line, so this refutes nothing.",
    "found.acks": lambda p: f"{_of(p)} are acknowledged.",
    "found.acks-of-others": lambda p: (
        f"{number(p, 'others')} of {plural(number(p, 'recorded'), 'recorded close')} have their "
        "acknowledgement in the "
        "same logs, and no lost one has."
    ),
    "found.acks-never": "No acknowledgement of any trade is at hand, so their absence says nothing.",
    "found.no-counter": "The recorder's total was not observed from its start.",
    "found.counter-over": "The total stands at {total}; {rows} rows.",
    "found.counter-agrees": "The total stands at {total}, and there are {rows} rows.",
    "found.stray-rows": lambda p: f"{plural(number(p, 'count'), 'row')} without a close of its own.",
    "found.no-stray-rows": lambda p: (
        f"None among {plural(number(p, 'rows'), 'row')} of {plural(number(p, 'files'), 'ledger')}."
    ),
    "found.zone-ruled-out": _zone_ruled_out,
    "found.zone-same-date": _same_date,
    "found.same-day-rows": (
        "The row of {at}, of the same run and day, stands in {file}: the lost ones would stand there too."
    ),
    "found.dates-not-at-hand": "The ledgers of {dates}, which some zone would name, are not at hand.",
    "found.older-file-without": lambda p: f"{_held(p)}{_none_fits(p)}.",
    "found.began-that-day": "The run began on {date} itself.",
    "found.no-older-file": "No ledger of an earlier day is at hand.",
    "found.no-ledger-line": "No line names the ledger.",
    "found.opened-not-at-hand": "The recorder opened {file} at {at}, and that file is not at hand.",
    "found.opened-at-hand": "The recorder opened {file} at {at}, and a file of that name is at hand.",
    "found.older-rows": lambda p: f"Older rows of the same file survive, for {_of(p)}.",
    "found.no-older-rows": "{file} has no row older than the losses, and newer ones.",
    "found.later-rows": lambda p: f"Later rows of the same run are in the ledger, for {_of(p)}.",
    "found.no-later-rows": "No later row of the same run.",
    "found.log-ends": "The log ends at {to}.",
    "found.log-goes-on": lambda p: (
        f"The log goes on for {span_text(number(p, 'seconds') * SECOND)} after the last loss, to {text(p['to'])}."
    ),
    "found.broken-around": lambda p: f"They do, at {_of(p)}.",
    "found.whole-around": lambda p: (
        f"They go on without a break around every lost close, in {', '.join(strings(p, 'streams'))}."
    ),
    "found.unreadable": lambda p: f"{plural(number(p, 'count'), 'part')} could not be read whole.",
    "found.all-read": lambda p: f"All {plural(number(p, 'sources'), 'log source')} were read whole.",
    "found.day-not-at-hand": (
        "No ledger of {date} is at hand: whether it was never written or not collected cannot be told from here."
    ),
    "found.failures-logged": lambda p: f"At {_of(p)}.",
}
