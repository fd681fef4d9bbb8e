"""Sentences of the report in English; `Translator` describes the fields."""

from __future__ import annotations

from typing import Final

TEXTS: Final = {
    # Before the sections.
    "draft.title": "Draft",
    "draft.text": (
        "Made by a program from logs and ledgers alone. Figures, times and citations are facts of the input; cause, "
        "decisions and lessons are left to a person and marked **TODO(human)**. A line that is not there is "
        "**not observed**, which is not the same as did not happen."
    ),
    "lead.caption": "About this report",
    "lead.digest": "Input digest",
    "lead.digest.of": " (SHA-256 over the sorted SHA-256 of {n:source|sources})",
    "lead.span": "Logs at hand",
    "lead.profile": "Profile",
    "lead.zone": "Time zone",
    "lead.window": "Judged",
    "lead.made": "Made by",
    "lead.made.by": "logaudit {version}",
    "zone.stated": "{zone}, as stated by --tz",
    "zone.none": "not stated: times are the bot's own clock; UTC is given only where evidence bounds it",
    "window.both": "closes and rows from {since} until before {until}; earlier logs serve as context",
    "window.since": "closes and rows from {since} on; earlier logs serve as context",
    "window.until": "closes and rows before {until}",
    "span.none": "none",
    # Summary.
    "in.session": " in session {session!c}",
    # Impact.
    "section.impact": "Impact in money",
    "impact.lost": (
        "{n} of {closes:close|closes} ({span}) {n!n:has|have} no row from the recorder: {amount} net PnL never reached "
        "the ledger."
    ),
    "impact.none": "Every one of {closes:close|closes} has its row: nothing was lost.",
    "impact.caption": "What happened, and what the ledger shows",
    "impact.trades": "Trades",
    "impact.net": "Net PnL",
    "impact.winrate": "Win rate",
    "impact.average": "Average trade",
    "impact.unrecorded": "Never recorded",
    "impact.covered": "The logs at hand cover {share} of the session's time.",
    "impact.groups": "Where the losses lie",
    "impact.groups.caption": "Losses by reason, symbol, side and code path",
    "impact.curve": "Running net PnL",
    "all.of": "all {n}",
    "not.logged": "not logged",
    "curve.title": "Running net PnL, in the log and in the ledger",
    "curve.description": "After {n:close|closes} the log stands at {log}, the ledger at {ledger}.",
    "curve.log": "log",
    "curve.ledger": "ledger",
    "curve.gap": "never recorded",
    # Findings.
    "section.findings": "Findings",
    "findings.none": "No rule found anything.",
    "findings.trades": "Closes of {rule}",
    "findings.list": "All of {rule}",
    "finding.path": "code path",
    "finding.every": "Every one:",
    "finding.quoted": "As written in",
    "finding.remedy": "**Do:**",
    "times": ", {n:time|times}",
    # Timeline.
    "section.timeline": "Timeline",
    "timeline.intro": (
        "Times are as written, in the bot's own clock. The table is authoritative; the picture illustrates "
        "it."
    ),
    "timeline.caption": "What happened when",
    "event.logs_begin": "The logs at hand begin.",
    "event.logs_end": "The logs at hand end.",
    "event.run": "The bot starts (run {id!c}).",
    "event.ledger_opened": "The recorder opens {path}.",
    "event.opened": "{what} is opened.",
    "event.lost": "{what} is closed with net PnL {net}: no row ({state}).",
    "event.recorded.first": "First close that was recorded: {what}.",
    "event.recorded.last": "Last close that was recorded: {what}.",
    "event.between": "{n:more close goes|more closes go} unrecorded until {last}; the reconciliation lists them.",
    "lanes.title": "Positions over time",
    "lanes.description": "{n:position|positions} of {symbols:symbol|symbols}; {lost} lost.",
    "lanes.table": "Positions as drawn",
    # Reconciliation.
    "section.reconciliation": "Reconciliation",
    "reconciliation.intro": (
        "Every close and every row against its witnesses: the close in the log, the recorder's acknowledgement, "
        "the row "
        "in the ledger."
    ),
    "reconciliation.caption": "{n:trade|trades} and their witnesses",
    "witness.none": "not observed",
    "witness.unknown": "not verifiable",
    "witness.error": "error",
    "witness.restored": " (another writer)",
    "witness.ambiguous": " (another close fits as well)",
    # Failure points.
    "section.failure-points": "Failure points",
    "failure.intro": (
        "The recorder's stages in order, as the profile declares them. The failure point is the first stage that "
        "was not "
        "observed or is contradicted."
    ),
    "failure.trades": "{n:lost trade|lost trades}",
    "failure.same": "The same chain holds for {n:run|runs}: ",
    "failure.runs": "{n:run|runs}",
    "failure.point": "Failure point **{stage}**: {title} — {state}.",
    "failure.nowhere": "No failure point: every stage was observed, or nothing can be said of those that were not.",
    "failure.chain": "The recorder's chain",
    "failure.caption": "Stages of the chain",
    "failure.statement": "What to log to see stage {stage} the next time:",
    "searched": " [searched: {streams}]",
    # The learned chain and blind paths.
    "section.divergence": "The chain learned from recorded trades",
    "divergence.intro": (
        "Log lines that surround closes within seconds, learned from the logs alone. Those that only recorded "
        "closes have "
        "show where the lost ones leave the path."
    ),
    "divergence.abstained": "Nothing was learned:",
    "divergence.caption": "Steps around closes",
    "section.blind-paths": "Blind code paths",
    "blind.intro": "The smallest set of conditions that separates lost closes from recorded ones.",
    "blind.abstained": "No code path is named:",
    "blind.path": (
        "{missing} of {total:lost close has|lost closes have} this in common: {conditions}. Of closes with it, "
        "{recorded} "
        "{recorded!n:was|were} recorded."
    ),
    "blind.caption": "Conditions that single out lost closes",
    "blind.note": (
        "Recall: share of the lost closes that the condition explains. Precision: share of lost ones among all closes "
        "that fulfil it. p: chance of so uneven a split, by Fisher's exact test, one-sided."
    ),
    # Hypotheses.
    "section.hypotheses": "Hypotheses",
    "hypotheses.intro": (
        "Possible causes, each with the facts that it predicts. What the evidence refutes is shown with the "
        "evidence; a "
        "prediction that cannot be tested refutes nothing."
    ),
    "hypotheses.caption": "Hypotheses by what survives",
    "hypotheses.refuted": "Refuted hypotheses",
    "hypothesis.likelihood": "Likelihood:",
    "hypothesis.caption": "Predictions of H{n}",
    "hypothesis.check": "**Check:**",
    "hypothesis.statement": "The log statement that would settle it:",
    "hypothesis.same": "The log statement shown for {name} would settle this as well.",
    "separation.title": "What would separate {first} from {second}",
    # Health.
    "section.works": "What works",
    "works": "works",
    "works.none": "Nothing could be shown to work.",
    "more.like": "… and {n} more like this",
    "section.collection": "Log collection",
    "collection.caption": "Streams and how they are rotated",
    "collection.fine": "No stream is cut into many small archives.",
    "collection.advice": "**Recommendation:**",
    "collection.examples": "Examples of {stream}:",
    "section.ledgers": "Ledgers and other CSV files",
    "ledgers.caption": "Trades ledgers",
    "ledgers.others": "Other CSV files",
    "ledgers.none": "No ledger and no other CSV file was found.",
    "ledger.of_day": "ledger of {date}",
    "csv.works": "alive",
    "csv.broken": "not alive",
    # Limits.
    "section.limits": "Coverage and limits",
    "limits.intro": (
        "Absence is claimed only where logs cover the time. What follows bounds every statement of this "
        "report."
    ),
    "limits.coverage": "What the logs cover",
    "limits.unjudged": "What could not be judged:",
    "limits.clocks": "What is known of the ledgers' clocks",
    "limits.skipped": "Files that were not read",
    "limits.profile": "Read with profile {name}",
    # For people.
    "section.todo": "For a person to fill in",
    "todo.intro": "These are not a program's to state.",
    "todo.cause": "Root cause: which of the hypotheses holds, and the change that brought it in.",
    "todo.decisions": "Decisions: what is mended, how the missing rows are restored, who approves it.",
    "todo.lessons": "Lessons: what would have shown the loss earlier.",
    "todo.owner": "Owner and date of every action.",
    "section.checks": "Next checks",
    "checks.intro": "In this order; each with the exact command or log statement.",
    "section.verification": "Verification after a fix",
    "verify.how": (
        "After the fix and a restart, run this with the time of the restart on fresh logs; earlier logs may stay, they "
        "serve as context:"
    ),
    "verify.when": "YYYY-MM-DD HH:MM:SS",
    "verify.pass": "The fix holds when this section then says that every close after that time has its row.",
    "verify.until": "Closes from {until} on were not judged.",
    "verify.count": "{recorded} of {closes} closes recorded since {since}.",
    "verify.holds": "Every close is recorded",
    "verify.fails": "Closes are still lost",
    "verify.nothing": "Nothing verified",
    "verify.nothing.text": "No close was logged since {since}: nothing can be said about the fix.",
    "section.statistics": "Statistics",
    "section.evidence": "Evidence register",
    "evidence.intro": (
        "Everything that this report cites. Bytes count from 0 in the unpacked UTF-8 text, SHA-256 is of that "
        "text. UTC "
        "is given where a time states its offset or --tz states the zone; otherwise the interval that evidence "
        "leaves, or "
        "“not known”."
    ),
    "evidence.sources": "All sources read",
    "section.reproduce": "How to reproduce this report",
    "reproduce.intro": "With logaudit {version}, in the folder that holds the input:",
    "reproduce.digest": "The same input gives the same bytes; its digest is",
    "section.appendix": "Appendix",
    "appendix.intro": "The whole of each table that was cut above.",
    "appendix.letter": "A",
    "appendix.first": "{caption} (the first {shown} of {n}; all of them in the appendix, {name})",
}
