"""Phrases in Russian: stages, chain, blind paths and the headline; joined with `ru_causes` and `ru_checks`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.finding import Data
from logaudit.renderers.phrases.fill import Template, conditions, fill, lowered, number, strings, text
from logaudit.renderers.phrases.ru_causes import CAUSES, FOUND
from logaudit.renderers.phrases.ru_checks import CHECKS, stage_of
from logaudit.renderers.phrases.ru_words import counted, form

_Params = Mapping[str, Data]

_CONDITIONS: Final[dict[str, Template]] = {
    "and": " и ",
    "condition.path": "путь кода — {value}",
    "condition.line": "строка кода — {value}",
    "condition.pattern": "вид записи о закрытии — {value}",
    "condition.caller": "последний другой путь кода перед закрытием — {value}",
    "condition.preceding": "строка перед закрытием — {value}",
    "condition.event": "событие перед закрытием — {value}",
    "condition.reason": "причина — {value}",
    "condition.side": "сторона — {value}",
    "condition.symbol": "инструмент — {value}",
    "condition.run": "запуск — {value}",
    "condition.hour": "час суток — {value}",
    "condition.since-start": "время от начала запуска — {value}",
    "condition.from": "время — {value} и позже",
    "condition.until": "время — {value} и раньше",
}


def _chain_too_few(params: _Params) -> str:
    recorded = counted(
        number(params, "with_recorded"), "записанного закрытия", "записанных закрытий", "записанных закрытий"
    )
    return (
        f"Окружение известно целиком у {recorded} и у {number(params, 'with_missing')} потерянных: этого мало, чтобы "
        f"вывести цепочку регистратора; нужно не меньше {number(params, 'with_need')} тех и других."
    )


def _too_few_closes(params: _Params) -> str:
    closes = number(params, "closes")
    have = "Одной сделки" if closes == 1 else counted(closes, "закрытия", "закрытий", "закрытий").capitalize()
    return f"{have} слишком мало, чтобы назвать путь кода; нужно не меньше {number(params, 'need')}."


def _no_contrast(params: _Params) -> str:
    closes = counted(number(params, "closes"), "закрытие", "закрытия", "закрытий")
    return f"Потеряно всё ({closes}), не записано ничего: без различия назвать путь кода нельзя."


def _too_few_missing(params: _Params) -> str:
    lost = counted(number(params, "missing"), "потерянной сделки", "потерянных сделок", "потерянных сделок")
    return (
        f"{lost} (всего закрытий: {number(params, 'closes')}) слишком мало, чтобы назвать путь кода; нужно не меньше "
        f"{number(params, 'need')}."
    )


def _nothing_separates(params: _Params) -> str:
    paths = strings(params, "paths")
    verbs = form(len(paths), "и записывает, и теряет", "и записывают, и теряют", "и записывают, и теряют")
    mixed = f" {', '.join(paths)} {verbs} сделки." if paths else ""
    return (
        "Ни путь кода, ни причина, ни инструмент, ни сторона, ни время не отличают потерянные сделки "
        f"({number(params, 'missing')}) от записанных ({number(params, 'recorded')}) сверх случайности.{mixed}"
    )


_PATHS: Final[dict[str, Template]] = {
    "chain.too-few": _chain_too_few,
    "chain.no-difference": (
        "Потерянные ({missing}) и записанные ({recorded}) закрытия не отличаются ни одной строкой вокруг них сверх "
        "случайности."
    ),
    "blind.too-few-closes": _too_few_closes,
    "blind.no-contrast": _no_contrast,
    "blind.too-few-missing": _too_few_missing,
    "blind.nothing-separates": _nothing_separates,
}


def _failure(params: _Params) -> str:
    said = "опровергнуто" if text(params.get("state")) == "contradicted" else "не наблюдается"
    before = []
    if seen := strings(params, "observed"):
        before.append(f"{', '.join(seen)} — {form(len(seen), 'наблюдается', 'наблюдаются', 'наблюдаются')}")
    if hidden := strings(params, "hidden"):
        before.append(f"{', '.join(hidden)} — нельзя наблюдать")
    known = f"; {', '.join(before)}" if before else ""
    trades = counted(number(params, "trades"), "потерянной сделки", "потерянных сделок", "потерянных сделок")
    return f"Точка отказа: {stage_of(params)}, {said} у {trades}{known}."


def _leaves(params: _Params) -> str:
    return (
        f"За каждым записанным закрытием следует {', '.join(strings(params, 'emitters'))}, за потерянными "
        f"({number(params, 'closes')}) — нет."
    )


def _path(params: _Params) -> str:
    chance = f" (p = {text(params['p'])})" if params.get("p") is not None else ""
    if params.get("weak"):
        chance += "; при таком числе закрытий это могло выйти случайно"
    recorded = number(params, "recorded")
    kept = "ни одной записанной" if not recorded else f"{recorded} записанных"
    total = counted(number(params, "total"), "потерянной сделки", "потерянных сделок", "потерянных сделок")
    which = conditions(params, _CONDITIONS, "; или ")
    return f"Слепой путь: {which}: {number(params, 'missing')} из {total}, {kept}{chance}."


def _cause(params: _Params) -> str:
    return f"Ведущее объяснение{_judged(params)}"


def _causes_equal(params: _Params) -> str:
    return f"Пока равны объяснения{_judged(params)}"


def _judged(params: _Params) -> str:
    sessions = number(params, "sessions")
    several = f" (сессий: {sessions})" if sessions > 1 else ""
    names = "; ".join(lowered(fill(CAUSES[f"{name}.title"], {})) for name in strings(params, "ids"))
    likely = _LIKELIHOOD.get(text(params["likelihood"]), "")
    others = f"опровергнуто объяснений: {number(params, 'refuted')} из {number(params, 'total')}"
    return f"{several}: {names} (вероятность {likely}; {others})."


_LIKELIHOOD: Final = {"high": "высокая", "medium": "средняя", "low": "низкая"}

_HEADLINE: Final[dict[str, Template]] = {
    "headline.failure": _failure,
    "headline.leaves": _leaves,
    "headline.path": _path,
    "headline.abstained": (
        "Сессий, где сделок слишком мало или они слишком похожи, чтобы назвать путь кода: {sessions}."
    ),
    "headline.cause": _cause,
    "headline.causes-equal": _causes_equal,
}


PHRASES: Final[dict[str, Template]] = {
    **_CONDITIONS,
    **_PATHS,
    **_HEADLINE,
    **CHECKS,
    **CAUSES,
    **FOUND,
    "found.paths-separate": lambda p: (
        f"{conditions(p, _CONDITIONS, '; или ')}: потерянных сделок {number(p, 'explained')} из "
        f"{number(p, 'missing')}, записанных {number(p, 'recorded')} (всего закрытий: {number(p, 'closes')})."
    ),
    "path-never-calls-recorder.check-path": lambda p: (
        f"Прочитайте код, где {conditions(p, _CONDITIONS, '; или ')}: вызывает ли он регистратор с "
        "результатом сделки?"
    ),
}
