"""Keeps the message catalogues: ``python tools/messages.py update | compile | check``.

``update`` collects the messages of the code, folds the parts into each ``logaudit.po``, and compiles; what is new
stands there untranslated, what the code has no longer is marked obsolete. ``check`` exits 1 and names what is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Final, TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import LOCALE, compile_catalogues, read_catalogue  # noqa: E402 - found by the line above

#: What Babel collects: constructors of messages, gettext's own names, and the titles of rules.
KEYWORDS: Final = {
    "msg": (1,),
    "plural": (1, 2),
    "label": ((1, "c"), 2),
    "plural_in": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
}
_WIDTH: Final = 110
#: Lines of the header that say nothing, or change with the day and the tool.
_IDLE: Final = tuple(
    f'"{name}'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
_Id: TypeAlias = tuple[str, str]


def collected() -> Catalog:
    """Every message of the code, with the files that make it."""
    found = Catalog(project="logaudit", domain="logaudit")
    package = ROOT / "logaudit"
    for name, _line, text, comments, context in extract_from_dir(
        package,
        [("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    ):
        found.add(text, locations=[(f"logaudit/{name}", 0)], auto_comments=comments, context=context)
    return found


def catalogues() -> list[Path]:
    """The file of each language."""
    return sorted((ROOT / LOCALE).glob("*/LC_MESSAGES/logaudit.po"))


def update() -> None:
    """Rewrites every catalogue from the code, its parts folded in and removed."""
    template = collected()
    for path in catalogues():
        catalogue = read_catalogue(path)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        for message in catalogue:
            message.auto_comments = list(dict.fromkeys(message.auto_comments))
            message.locations = sorted(set(message.locations))
        catalogue.obsolete = {key: old for key, old in catalogue.obsolete.items() if any(_forms(old))}
        text = BytesIO()
        write_po(text, catalogue, width=_WIDTH, sort_by_file=True, include_lineno=False)
        path.write_bytes(
            b"".join(line for line in text.getvalue().splitlines(keepends=True) if not line.startswith(_IDLE))
        )
        for part in (path.parent.parent / "parts").glob("*.po"):
            part.unlink()
    compile_catalogues(ROOT / LOCALE)


def compile_stale() -> None:
    """Compiles the catalogues of a checkout that no build has compiled since they were written."""
    for path in catalogues():
        made = path.with_suffix(".mo")
        sources = (path, *(path.parent.parent / "parts").glob("*.po"))
        if not made.exists() or made.stat().st_mtime < max(source.stat().st_mtime for source in sources):
            compile_catalogues(ROOT / LOCALE)


def problems(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """What keeps a catalogue from saying every message of the code, and only these."""
    known = {_key(message): message for message in catalogue if message.id}
    wanted = {_key(message): message for message in template if message.id}
    for key in sorted(wanted.keys() - known.keys()):
        yield f"not in the catalogue: {_shown(key)}"
    for key in sorted([*(known.keys() - wanted.keys()), *map(_key, catalogue.obsolete.values())]):
        yield f"obsolete: {_shown(key)}"
    for key in sorted(known.keys() & wanted.keys()):
        message = known[key]
        if message.fuzzy:
            yield f"fuzzy: {_shown(key)}"
        if message.pluralizable is not wanted[key].pluralizable:
            yield f"plural on one side only: {_shown(key)}"
        elif not all(_forms(message)):
            yield f"untranslated: {_shown(key)}"
        else:
            yield from _wrong_fields(message, key)


def _wrong_fields(message: Message, key: _Id) -> Iterator[str]:
    """Fields that the English sentence and a form of its translation do not share.

    A form may name all the fields of the English plural, though its singular leaves the count unsaid.
    """
    english = [_fields(text) for text in ((message.id,) if isinstance(message.id, str) else message.id)]
    if not english[0] <= english[-1]:
        yield f"the singular names fields that the plural does not: {_shown(key)}"
    for form in _forms(message):
        if _fields(form) != english[-1]:
            yield f"other fields than in English: {_shown(key)}: {form!r}"
        if form.count("**") % 2 or form.count("**") != _first(message).count("**"):
            yield f"other strong words than in English: {_shown(key)}: {form!r}"


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _key(message: Message) -> _Id:
    return message.context or "", _first(message)


def _shown(key: _Id) -> str:
    return f"{key[1]!r}" + (f" ({key[0]})" if key[0] else "")


def check() -> int:
    """Prints the problems of every catalogue; 1 if there are any."""
    template, found = collected(), 0
    for path in catalogues():
        for problem in problems(read_catalogue(path), template):
            print(f"{path.relative_to(ROOT)}: {problem}")  # noqa: T201 - a script prints
            found = 1
    return found


def main(words: list[str]) -> int:
    """Runs one command; 2 for an unknown one."""
    match words:
        case ["update"]:
            update()
        case ["compile"]:
            compile_catalogues(ROOT / LOCALE)
        case ["check"]:
            return check()
        case _:
            print(__doc__)  # noqa: T201 - as above
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
