"""Raw values → typed settings, with errors that name where, which key, and a near miss."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_args, get_type_hints

import msgspec

from logaudit.config.settings import (
    FORMATS,
    LedgerSetting,
    LimitSettings,
    LogFormatSetting,
    Settings,
    Suppression,
)
from logaudit.core.errors import UserError
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.renderers.registry import format_of, renderer

#: Key as settings files write it → field of `Settings`.
KEYS: Final = {f.encode_name: f.name for f in msgspec.structs.fields(Settings)}
_INNER: Final[dict[str, type[msgspec.Struct]]] = {
    "log-formats": LogFormatSetting,
    "ledgers": LedgerSetting,
    "limits": LimitSettings,
    "suppressions": Suppression,
}
_PLACE: Final = lazy_pattern(r"^(?P<what>.*?)(?: - at `\$\.?(?P<key>.*)`)?$", re.DOTALL)
_HINTS: Final = {
    "require-coverage": "0.95 means 95 %.",
    "max-age": "For example 26h, 90m or 2d.",
    "reason": "Say why, for whoever reads the report next year.",
    "suppressions.until": "Write a date like 2026-01-31, without quotes.",
    "since": 'Write it between quotes: "2026-01-31".',
    "until": 'Write it between quotes: "2026-01-31".',
    "log-formats": 'Write log-formats = [{ format = "{time} | {level} | {message}" }].',
}
_SORTS: Final = {"array": "a list", "str": "text", "int": "a whole number", "float": "a number"} | {
    "bool": "true or false", "object": "a table", "date": "a date", "date | null": "a date"
}  # fmt: skip


def check(raw: Mapping[str, Any], where: str) -> Settings:
    """A table of settings, typed; keys that it does not hold have their defaults.

    Raises:
        UserError: an unknown key or a wrong value; begins with ``where`` and the key.
    """
    _known_name(raw, KEYS, where)
    _known_inner(raw, where)
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise _as_text(error, raw, where) from None
    _outputs(settings.outputs, f"{where}: outputs")
    for i, item in enumerate(settings.suppressions):
        _suppression(item, f"{where}: suppressions[{i}]")
    return settings


def check_one(key: str, value: object, where: str) -> object:
    """One setting's value, typed; ``where`` is what the user wrote it as (``--max-age``, ``LOGAUDIT_JOBS``).

    Raises:
        UserError: a wrong value.
    """
    field = KEYS[key]
    _known_inner({key: value}, where)
    hint = get_type_hints(Settings, include_extras=True)[field]
    try:
        typed: object = msgspec.convert(value, hint, strict=False)
    except UnicodeEncodeError:  # the checker's own message cannot hold what was no text
        raise UserError(f"{where}: it holds bytes that are no text.", _HINTS.get(key, "")) from None
    except msgspec.ValidationError as error:
        raise _as_text(error, {key: value}, where, key) from None
    if key == "outputs":
        _outputs(get_strings(typed), where)
    return typed


def get_strings(value: object) -> tuple[str, ...]:
    """A setting that is a list of texts."""
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def closest_match(word: str, words: Iterable[str]) -> str:
    """``Did you mean x?``, or the list of what there is."""
    known = list(words)
    close = difflib.get_close_matches(word, known, 1)
    return f"Did you mean {close[0]}?" if close else f"One of: {', '.join(known)}."


def output(item: str, where: str) -> tuple[str, str]:
    """``FORMAT=FILE``, or a file whose ending names its format, as format and file.

    Raises:
        UserError: malformed, an unknown format, or one that the ending contradicts.
    """
    form, equals, name = item.partition("=")
    if not equals and (known := format_of(item)):
        return known, item
    if not equals or not name:
        raise UserError(
            f"{where}: {item!r} is not FORMAT=FILE, and its ending names no format.",
            "For example sarif=logaudit.sarif, or report.html.",
        )
    if form not in FORMATS:
        raise UserError(f"{where}: unknown format {form!r}.", closest_match(form, FORMATS))
    other, endings = format_of(name), renderer(form).endings
    if other and endings and not name.lower().endswith(endings):
        raise UserError(
            f"{where}: {name} ends as {other} does, and {form} is asked for.",
            f"Write {other}={name}, or end the name with {endings[0]}.",
        )
    return form, name


def _outputs(items: Sequence[str], where: str) -> None:
    for item in items:
        output(item, where)


def _suppression(item: Suppression, where: str) -> None:
    if not item.reason.strip():
        raise UserError(f"{where}: reason: it is empty.", _HINTS["reason"])
    if not (item.rule or item.path or item.fingerprint):
        raise UserError(f"{where}: it names no rule, path or fingerprint, so it would suppress everything.")


def _known_name(raw: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    for key in raw:
        if key not in keys:
            raise UserError(f"{where}: unknown key {key!r}.", closest_match(key, keys))


def _known_inner(raw: Mapping[str, Any], where: str) -> None:
    """Unknown names within a setting that is a table, or a list of them."""
    for key, kind in _INNER.items():
        value = raw.get(key)
        names = [f.encode_name for f in msgspec.structs.fields(kind)]
        if isinstance(value, dict):
            _known_name(value, names, f"{where}: {key}")
        for i, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                _known_name(item, names, f"{where}: {key}[{i}]")


def _as_text(error: msgspec.ValidationError, raw: Mapping[str, Any], where: str, key: str = "") -> UserError:
    """The checker's message in words that a settings file's author uses."""
    match = _PLACE.match(str(error))
    what, place = (match["what"], match["key"] or "") if match else (str(error), "")
    if key:
        prefix = where
        leaf = key
    else:
        prefix = f"{where}: {place}" if place else where
        leaf = re.sub(r"\[\d+\]", "", place).removeprefix("log-formats.")
        leaf = leaf if leaf in _HINTS else leaf.rpartition(".")[2]
    if missing := re.fullmatch(r"Object missing required field `(.+)`", what):
        return UserError(f"{prefix}: {missing[1]} is missing.", _HINTS.get(missing[1], ""))
    if wrong := re.fullmatch(r"Invalid enum value (.+)", what):
        return UserError(f"{prefix}: {wrong[1]} is not known.", _near_choice(leaf, wrong[1].strip("'\"")))
    if sort := re.fullmatch(r"Expected `(.+?)`, got `(.+?)`", what):
        said = f"{_SORTS.get(sort[1], sort[1])} is expected here, not {_SORTS.get(sort[2], sort[2])}"
        hint = _HINTS.get(leaf) or _list_hint(sort[1], leaf, raw)
        return UserError(f"{prefix}: {said}.", hint)
    if bound := re.fullmatch(r"Expected `.+?` ([<>]=) (.+)", what):
        return UserError(f"{prefix}: it must be {bound[1]} {bound[2]}.", _HINTS.get(leaf, ""))
    if "matching regex" in what:
        return UserError(f"{prefix}: {raw.get(leaf)!r} cannot be read.", _HINTS.get(leaf, ""))
    return UserError(f"{prefix}: {what[:1].lower()}{what[1:]}.", _HINTS.get(leaf, ""))


def _list_hint(expected: str, leaf: str, raw: Mapping[str, Any]) -> str:
    value = raw.get(leaf)
    return f'Write {leaf} = ["{value}"].' if expected == "array" and isinstance(value, str) else ""


def _near_choice(leaf: str, word: str) -> str:
    hint = get_type_hints(Settings).get(KEYS.get(leaf, ""))
    return closest_match(word, get_args(hint)) if hint is not None else ""
