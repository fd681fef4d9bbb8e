"""What checking a bundle came to, as plain lines in a language."""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.message import Code, Message, msg, plain_text, plural, sentences
from logaudit.core.text import printable
from logaudit.core.verification import Verification
from logaudit.locale import Language


def render(found: Verification, name: str, language: Language) -> str:
    """The bundle and its hash, the verdict, and a line for each thing that no longer holds."""
    return "".join(f"{printable(plain_text(line, language))}\n" for line in _lines(found, name))


def _lines(found: Verification, name: str) -> Iterator[Message]:
    yield Message("{sha256}  {name}", (("sha256", Code(found.sha256)), ("name", Code(name))))
    if not found.faults:
        yield sentences(
            plural(
                "Verified: {n} finding and everything else in the report follows from the extracts.",
                "Verified: {n} findings and everything else in the report follow from the extracts.",
                found.findings,
            ),
            None
            if found.files is None
            else plural(
                "They follow from the logs too, whose {n} file is the one that was bundled.",
                "They follow from the logs too, whose {n} files are those that were bundled.",
                found.files,
            ),
        )
        return
    yield plural(
        "Not verified: {n} thing no longer holds.",
        "Not verified: {n} things no longer hold.",
        len(found.faults),
    )
    for fault in found.faults:
        yield Message("  {fault}", (("fault", fault),))
    if found.made_by and found.made_by != found.checked_by:
        yield msg(
            "The bundle was made by logaudit {made}, this is {own}: another version may judge otherwise.",
            made=Code(found.made_by),
            own=Code(found.checked_by),
        )
