"""Learned wordings as a profile: in memory, and as the TOML file that a user keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import EventKind
from logaudit.core.fields import FieldName
from logaudit.core.secrets import Numbering, redact
from logaudit.core.text import quote
from logaudit.core.timestamp import SECOND
from logaudit.learn.choose import Learned
from logaudit.learn.describe import Wording
from logaudit.learn.languages import SIDES
from logaudit.learn.wording import TokenKind
from logaudit.profiles import Pattern, PatternRole, Profile, Sample
from logaudit.profiles.fragments import expand
from logaudit.profiles.load import text_of
from logaudit.profiles.profile import LEARNED, LEARNED_CLOSE

_SAMPLES: Final = 3


class Lesson(Struct, frozen=True):
    """What a profile is made of: learned from rows, or chosen by a person.

    Attributes:
        evidence: lines that say what speaks for it.
        neighbours: messages that must not match.
        name: of the profile.
    """

    wordings: tuple[Wording, ...]
    title: str
    evidence: tuple[str, ...]
    neighbours: tuple[str, ...] = ()
    name: str = LEARNED


def lesson_of(learned: Learned) -> Lesson:
    """What was learned from rows."""
    title = f"learned from {learned.rows} rows"
    return Lesson(learned.wordings, title, tuple(_evidence(learned)), learned.neighbours)


def profile_of(lesson: Lesson, base: Profile) -> Profile:
    """The profile ``base`` with the learned closes before all it knows."""
    patterns = tuple(_pattern(lesson, i) for i in range(len(lesson.wordings)))
    return replace(
        base,
        name=lesson.name,
        origin=LEARNED,
        title=lesson.title,
        patterns=(*patterns, *base.patterns),
        sides=base.sides | _sides(lesson),
    )


def toml_of(lesson: Lesson, base: Profile) -> str:
    """The same profile as a file, with samples, rejects and the evidence for each choice.

    Raises:
        ProfileError: ``base`` is no built-in profile.
    """
    head, mark, tail = text_of(base.name).partition("[[patterns]]")
    head = re.sub(r'(?m)^name = ".*"$', f'name = "{lesson.name}"', head, count=1)
    head = re.sub(r'(?m)^title = ".*"$', lambda _: f"title = {_text(lesson.title)}", head, count=1)
    words = _sides(lesson)
    if words.keys() - base.sides.keys():
        head = re.sub(r"(?ms)^\[sides\]\n(?:\w.*?\n)*", "", head).replace(
            "\n\n", f"\n\n{_side_table(base.sides | words)}\n", 1
        )
    own = "".join(_table(lesson, i) for i in range(len(lesson.wordings)))
    return "".join(f"# {line}\n" for line in lesson.evidence) + head + own + mark + tail


def _sides(lesson: Lesson) -> dict[str, str]:
    """The words for sides that the close lines hold."""
    tokens = (t for w in lesson.wordings for line in w.lines for t in line.tokens if t.kind is TokenKind.SIDE)
    return {word: SIDES[word].value for word in sorted({token.text.lower() for token in tokens})}


def _side_table(words: Mapping[str, str]) -> str:
    named = {
        side: [w for w, meant in words.items() if meant == side and w != side] for side in ("long", "short")
    }
    return "[sides]\n" + "".join(
        f"{side} = [{', '.join(map(_text, some))}]\n" for side, some in named.items()
    )


def _pattern(lesson: Lesson, i: int) -> Pattern:
    wording = lesson.wordings[i]
    regex = expand(wording.regex, {})
    return Pattern(
        id=f"{LEARNED_CLOSE}{i + 1}",
        role=PatternRole.EVENT,
        event=EventKind.POSITION_CLOSED,
        block="",
        written=regex,
        emitter_written="",
        constants=wording.constants,
        samples=tuple(_samples(wording)),
        rejects=tuple(n for n in lesson.neighbours if _is_plain(n) and not re.search(regex, n))[:_SAMPLES],
    )


def _samples(wording: Wording) -> Iterator[Sample]:
    found = (line.message.text for line in wording.lines)
    for text in [t for t in found if _is_plain(t)][:_SAMPLES]:
        match = re.search(expand(wording.regex, {}), text)
        if match is not None:
            yield Sample(text, {name: match[name.value].strip() for name in wording.fields})


def _is_plain(text: str) -> bool:
    """Whether a message may stand in a file: short, printable, without a credential."""
    return quote(text) == text and redact(text) == text


def _table(lesson: Lesson, i: int) -> str:
    wording, pattern = lesson.wordings[i], _pattern(lesson, i)
    agreed = ", ".join(f"{name} in {count}" for name, count in wording.fields.items())
    lines = [
        f"# {wording.text}",
        *(
            [f"# {len(wording.rows)} rows have a line of this wording; what agrees: {agreed}."]
            if wording.rows
            else []
        ),
        "[[patterns]]",
        f"id = {_text(pattern.id)}",
        f"event = {_text(pattern.event.value)}",
        f"regex = '''{wording.regex}'''",
    ]
    if wording.constants:
        lines.append(f"set = {_inline(wording.constants)}")
    lines += ["samples = ["]
    lines += [f"  {{ line = {_text(s.line)}, values = {_inline(s.values)} }}," for s in pattern.samples]
    lines += ["]", "rejects = [", *(f"  {_text(r)}," for r in pattern.rejects), "]", "", ""]
    return "\n".join(lines)


def _evidence(learned: Learned) -> Iterator[str]:
    yield f"Learned from {learned.rows} of the {learned.of} rows that lie in the time of the logs: each has a line"
    yield "that prints its values, one to one, at one constant difference of the clocks."
    yield f"A line's time is {learned.shift / SECOND:+.3f} s from its row's (median)."
    yield f"Control: with the times of the rows exchanged, the same lines explain at most {learned.chance} rows."
    yield "As long as its name is learned, no close that no rows surround is called lost: rename it once checked."
    for text, count in learned.passed_over:
        yield f"Passed over: {Numbering().text(quote(text))} ({count} rows)"


def _inline(values: dict[FieldName, str]) -> str:
    return f"{{ {', '.join(f'{name} = {_text(value)}' for name, value in values.items())} }}"


def _text(text: str) -> str:
    """A TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
