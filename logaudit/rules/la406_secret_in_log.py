"""LA406 secret-in-log.

# What it finds

A credential in a line of a log, in a row of a ledger or in the name of a file: an API key or its secret, a
passphrase, a signature, a token, a cookie, a webhook, a private key. It is known by the name that stands before it or
by its form; the finding shows the place and the kind, and every quotation says `«redacted:kind#n»`, equal values with
equal numbers.

# Why it matters

Logs are copied, sent with bug reports and kept in backups. Who reads one can trade, or withdraw, with what it prints.

# Example

The bot prints its settings when it starts: `OKX_API_KEY=…`, `OKX_PASSPHRASE=…`.

# What to do

Revoke the credential and make a new one; then keep it out of the log: print that it is set, not what it is. The first
32 KiB of a log are searched for all names and forms, what follows for the most frequent ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.location import Address, Location
from logaudit.core.message import Message, label, msg, place, plural
from logaudit.core.secrets import SecretKind, find_secrets, kinds_marked
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report

RULE = Rule(
    "LA406",
    "secret-in-log",
    Severity.WARNING,
    "a credential in a log line, a ledger row or a file name",
    label("rule", "a credential in a log line, a ledger row or a file name"),
    needs=Needs.NOTHING,
)

#: Places of each kind that a finding cites.
MOST: Final = 5
_KINDS: Final = {
    SecretKind.API_KEY: label("credential", "API key"),
    SecretKind.SECRET: label("credential", "secret key"),
    SecretKind.PASSPHRASE: label("credential", "passphrase"),
    SecretKind.PASSWORD: label("credential", "password"),
    SecretKind.TOKEN: label("credential", "token"),
    SecretKind.SIGNATURE: label("credential", "signature"),
    SecretKind.AUTHORIZATION: label("credential", "authorization header"),
    SecretKind.COOKIE: label("credential", "cookie"),
    SecretKind.WEBHOOK: label("credential", "webhook"),
    SecretKind.PRIVATE_KEY: label("credential", "private key"),
    SecretKind.MNEMONIC: label("credential", "recovery phrase"),
}
_REMEDY: Final = msg("Revoke the credential, and keep it out of what is written.")


def check(case: Case) -> Iterator[Finding]:
    """One finding for each kind in the lines, the rows and the names of a session."""
    for session in case.sessions:
        yield from _lines(session)
        yield from _rows(session)
        yield from _names(session)


def _lines(session: Session) -> Iterator[Finding]:
    places: defaultdict[SecretKind, list[Location]] = defaultdict(list)
    counts: defaultdict[SecretKind, int] = defaultdict(int)
    for stream in session.evidence.streams:
        for source in stream.sources:
            for kind, found in source.secrets.items():
                first, at = found.first, source.address
                counts[kind] += found.count
                places[kind].append(
                    Location(at.path, at.member, first.line, text=first.text, byte=first.byte)
                )
    for kind in sorted(counts):
        said = plural(
            "{n} log line holds a credential ({kind}), at {place}.",
            "{n} log lines hold a credential ({kind}), the first at {place}.",
            counts[kind],
            kind=_KINDS[kind],
            place=place(places[kind][0]),
        )
        yield _finding(session, kind, "lines", counts[kind], said, places[kind])


def _rows(session: Session) -> Iterator[Finding]:
    places: defaultdict[SecretKind, list[Location]] = defaultdict(list)
    for ledger in session.evidence.ledgers:
        rows = [row.location for row in ledger.ledger.rows]
        for location in rows + [row.location for row in ledger.ledger.rejected]:
            for kind in kinds_marked(location.text):
                places[kind].append(location)
    for kind in sorted(places):
        said = plural(
            "{n} ledger row holds a credential ({kind}), at {place}.",
            "{n} ledger rows hold a credential ({kind}), the first at {place}.",
            len(places[kind]),
            kind=_KINDS[kind],
            place=place(places[kind][0]),
        )
        yield _finding(session, kind, "rows", len(places[kind]), said, places[kind])


def _names(session: Session) -> Iterator[Finding]:
    evidence = session.evidence
    addresses = {source.address for stream in evidence.streams for source in stream.sources}
    addresses |= {source.address for source in evidence.ledgers} | {s.address for s in evidence.health}
    found: defaultdict[SecretKind, list[Address]] = defaultdict(list)
    for address in sorted(addresses):
        # In a bundle the name was redacted already.
        for kind in sorted({s.kind for s in find_secrets(str(address))} | {*kinds_marked(str(address))}):
            found[kind].append(address)
    for kind in sorted(found):
        places = [address.as_location() for address in found[kind]]
        said = plural(
            "The name of {n} file holds a credential ({kind}): {place}.",
            "The names of {n} files hold a credential ({kind}), the first: {place}.",
            len(places),
            kind=_KINDS[kind],
            place=place(places[0]),
        )
        yield _finding(session, kind, "names", len(places), said, places)


def _finding(
    session: Session, kind: SecretKind, where: str, count: int, said: Message, places: list[Location]
) -> Finding:
    return report(
        RULE,
        session,
        said,
        places[:MOST],
        (kind.value, where),
        data={"kind": kind.value, "where": where, "count": count},
        remedy=_REMEDY,
    )
