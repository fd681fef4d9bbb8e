"""Every phrase in Russian."""

from __future__ import annotations

from typing import Final

from logaudit.outputs.phrases.fill import Template

_CONDITIONS: Final[dict[str, Template]] = {
    "and": " и ",
    "condition.path": "путь кода: {value}",
    "condition.line": "строка кода: {value}",
    "condition.pattern": "форма записи о закрытии: {value}",
    "condition.caller": "последний другой путь кода перед закрытием: {value}",
    "condition.preceding": "строка перед закрытием: {value}",
    "condition.event": "событие перед закрытием: {value}",
    "condition.reason": "причина: {value}",
    "condition.side": "сторона: {value}",
    "condition.symbol": "инструмент: {value}",
    "condition.run": "запуск: {value}",
    "condition.hour": "час: {value}",
    "condition.since-start": "время от начала запуска: {value}",
    "condition.from": "время: {value} и позже",
    "condition.until": "время: {value} и раньше",
}

PHRASES: Final[dict[str, Template]] = {**_CONDITIONS}
