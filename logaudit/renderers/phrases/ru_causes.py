"""Causes in Russian: titles, what each predicts, what was found, and what to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.finding import Data
from logaudit.renderers.phrases.fill import Template, number, strings, text
from logaudit.renderers.phrases.ru_words import counted, span

_Params = Mapping[str, Data]
_SILENCE: Final = "За потерянными закрытиями нет ни подтверждения, ни ошибки регистратора."
_ACKNOWLEDGED: Final = "Регистратор подтвердил потерянные сделки."
_NO_ROW: Final = "В имеющихся журналах нет строк этих запусков."

CAUSES: Final[dict[str, Template]] = {
    "recorder-never-initialised.title": "Регистратор не инициализируется",
    "recorder-never-initialised.no-ready-line": (
        "В запусках с потерями нет строки об инициализации регистратора."
    ),
    "recorder-never-initialised.no-row": _NO_ROW,
    "recorder-never-initialised.no-ledger": "Журнал сделок не создан.",
    "recorder-never-initialised.check": (
        "Проверьте логи начала запуска на строку об инициализации регистратора и логируйте её."
    ),
    "logged-elsewhere.title": (
        "Регистратор инициализируется, но его строки не попадают в имеющиеся логи: другой поток, уровень "
        "или время"
    ),
    "logged-elsewhere.unheard": "В имеющихся потоках нет ни одной строки регистратора.",
    "logged-elsewhere.outside": "Недостающие строки относятся ко времени, логов за которое нет.",
    "logged-elsewhere.ledger-exists": "Регистратор всё же работал: его журнал существует.",
    "logged-elsewhere.check": (
        "Просмотрите все потоки запуска, включая его начало, и сравните уровни и фильтры логов с модулем "
        "регистратора. "
        "Это объяснило бы отсутствие строк в логах; отсутствие строки в журнале требует ещё одной причины."
    ),
    "path-never-calls-recorder.title": "Путь кода, закрывающий позиции, не вызывает регистратор",
    "path-never-calls-recorder.separate": (
        "Потерянные сделки приходят из путей кода, которые не записывают ни одной."
    ),
    "path-never-calls-recorder.silence": _SILENCE,
    "path-never-calls-recorder.leaves": (
        "За записанными закрытиями следуют строки, которых нет за потерянными."
    ),
    "path-never-calls-recorder.check": (
        "Прочитайте каждую функцию, закрывающую позиции: вызывает ли она регистратор?"
    ),
    "called-without-result.title": (
        "У вызывающего кода нет результата сделки (None или неправильный формат), и вызов пропускается"
    ),
    "called-without-result.named": "Есть строка о том, что результата не было.",
    "called-without-result.silence": _SILENCE,
    "called-without-result.check": (
        "Логируйте, что возвращает функция закрытия и что видит проверка перед вызовом регистратора, "
        "включая ветку else."
    ),
    "exception-swallowed.title": "Регистратор бросает исключение, и оно поглощается",
    "exception-swallowed.silence": _SILENCE,
    "exception-swallowed.errors-near": "Сразу за потерянными закрытиями есть ошибки, а за записанными — нет.",
    "exception-swallowed.check": (
        "Логируйте исключение в каждом except регистратора и вызывающего кода и проверьте, что уровень его "
        "логгера не "
        "выше ERROR."
    ),
    "acknowledged-without-writing.title": "Регистратор подтверждает сделку до записи или без записи",
    "acknowledged-without-writing.acknowledged": _ACKNOWLEDGED,
    "acknowledged-without-writing.counted": "Счётчик регистратора больше числа строк.",
    "acknowledged-without-writing.check": (
        "Подтверждайте после сброса строки на диск, с путём и номером строки."
    ),
    "written-under-another-date.title": (
        "Строка записана под другой датой: другой часовой пояс или файл не начат заново"
    ),
    "written-under-another-date.stray-rows": (
        "Среди имеющихся строк есть строка с данными потерянной сделки за другое время."
    ),
    "written-under-another-date.zone": (
        "Строка лежит в файле той даты, которую закрытие имеет в другом часовом поясе."
    ),
    "written-under-another-date.not-rolled": "Строка лежит в файле дня, когда начался запуск.",
    "written-under-another-date.check": (
        "Сравните дату в имени журнала с часами, по которым он назван (utcnow или now)."
    ),
    "written-in-another-folder.title": "Строки записываются в файл в другой папке",
    "written-in-another-folder.no-row": _NO_ROW,
    "written-in-another-folder.named": "Регистратор называет журнал, которого среди файлов нет.",
    "written-in-another-folder.expected": "Там, где лежат журналы этого бота, журнала нет.",
    "written-in-another-folder.check": (
        "Проверьте, в какой директории запускается бот: относительный путь из другой ведёт в другое место. Поищите "
        "журналы с тем же именем."
    ),
    "ledger-overwritten.title": "Строки были записаны и снова потеряны: журнал перезаписан или обрезан",
    "ledger-overwritten.oldest-gone": "Строк старше потерь тоже нет.",
    "ledger-overwritten.acknowledged": _ACKNOWLEDGED,
    "ledger-overwritten.check": (
        "Проверьте, в каком режиме открывается журнал и не пишет ли в него кто-то ещё."
    ),
    "died-before-flush.title": "Процесс завершился раньше, чем буфер попал в файл",
    "died-before-flush.nothing-after": "После потерь в этом запуске не записано ни одной строки.",
    "died-before-flush.ends-soon": "Лог обрывается сразу после потерь.",
    "died-before-flush.check": "Сбрасывайте буфер после каждой строки и посмотрите, как завершился процесс.",
    "log-lines-lost.title": "Строки регистратора потеряны при ротации или сжатии логов",
    "log-lines-lost.broken": "Логи обрываются там, где регистратор должен был написать.",
    "log-lines-lost.unreadable": "Части логов не читаются.",
    "log-lines-lost.check": (
        "Проверьте архивы и сравните последнюю строку каждой части с первой строкой следующей."
    ),
    "apparent-only.title": "Потеря мнимая: журнала, где лежат строки, нет среди файлов",
    "apparent-only.not-at-hand": "Действующего журнала нет среди имеющихся файлов.",
    "apparent-only.no-row": _NO_ROW,
    "apparent-only.check": "Поищите журнал за этот день на машине бота и повторите проверку вместе с ним.",
    "write-failed.title": "Запись не удалась, и регистратор сообщил об этом",
    "write-failed.logged": "У потерянных закрытий есть ошибки регистратора.",
    "write-failed.check": "Прочитайте ошибку регистратора: диск, права, путь или блокировка.",
}


def _ready_line(params: _Params) -> str:
    runs = number(params, "runs")
    each = "" if runs == 1 else f", в каждом из запусков с потерями ({runs})"
    return f"Регистратор сообщил о готовности, впервые в {text(params['at'])}{each}."


def _heard(params: _Params) -> str:
    lines = counted(number(params, "count"), "строка", "строки", "строк")
    return f"{lines} регистратора: {', '.join(strings(params, 'streams'))}."


def _unheard(params: _Params) -> str:
    levels = ", ".join(strings(params, "levels")) or "не указаны"
    return f"Не обнаружено: {', '.join(strings(params, 'streams')) or 'ни одного потока'}, уровни {levels}."


def _held(params: _Params) -> str:
    rows = number(params, "rows")
    held = counted(rows, "строка", "строки", "строк") if rows else "ни одной строки, только заголовок"
    return f"{text(params['file'])}: {held}"


def _none_fits(params: _Params) -> str:
    return ", подходящей среди них нет" if number(params, "rows") else ""


def _of(params: _Params) -> str:
    return f"{number(params, 'count')} из {number(params, 'missing')}"


def _zone(params: _Params) -> str:
    return (
        f"Закрытие в {text(params['time'])} местного времени приходится в UTC на {text(params['date'])} при любом "
        f"смещении до {text(params['turn'])}"
    )


def _zone_ruled_out(params: _Params) -> str:
    if text(params["zone"]):
        return (
            f"В поясе {text(params['zone'])} закрытию {text(params['closed'])} по дате UTC соответствует "
            f"{text(params['file'])}, но подходящей строки там нет. {_held(params)}."
        )
    return (
        f"{_zone(params)}. При других его строка была бы в файле за {text(params['other'])}. {_held(params)}."
    )


def _same_date(params: _Params) -> str:
    if text(params["zone"]):
        return (
            f"В поясе {text(params['zone'])} закрытие {text(params['closed'])} и в UTC приходится на "
            f"{text(params['date'])}: другой файл его хранить не может."
        )
    return f"{_zone(params)}, и у имеющихся журналов нет другой возможной для него даты."


FOUND: Final[dict[str, Template]] = {
    "found.profile-cannot-tell": "Профиль не знает такой строки у этого бота.",
    "found.ready-line": _ready_line,
    "found.no-ready-line": "Начала запусков есть в логах, но такой строки в них нет. Поиск: {streams}.",
    "found.start-outside": (
        "Запуск начался раньше {from} — первой имеющейся строки: записей о старте среди логов нет."
    ),
    "found.start-covered": "Начала запусков есть в имеющихся логах.",
    "found.no-row": "Ни одной строки.",
    "found.rows-of-same-run": lambda p: (
        f"{counted(number(p, 'rows'), 'строка', 'строки', 'строк')} тех же запусков: {text(p['file'])}."
    ),
    "found.no-ledger": "Среди файлов нет ни одного журнала.",
    "found.ledger-header-only": (
        "{file} существует, но содержит только заголовок: его создал этот запуск или более ранний."
    ),
    "found.ledger-with-rows": lambda p: f"{_held(p)}.",
    "found.ledger-in-place": lambda p: f"{_held(p)}; файл лежит там, где должен.",
    "found.recorder-heard": _heard,
    "found.recorder-unheard": _unheard,
    "found.silent": lambda p: f"Так у {_of(p)}.",
    "found.not-silent": "Регистратор написал о каждой из них.",
    "found.paths-mixed": lambda p: (
        f"{', '.join(strings(p, 'paths'))}: сделки одного пути кода и записаны, и потеряны."
    ),
    "found.not-by-code": "Потерянные сделки отличает не путь кода.",
    "found.steps-lost": lambda p: (
        f"Только за записанными закрытиями: {counted(number(p, 'count'), 'строка', 'строки', 'строк')}, "
        f"{', '.join(strings(p, 'emitters'))}."
    ),
    "found.no-steps-lost": "Нет строк, которые следуют только за записанными закрытиями.",
    "found.no-result-named": lambda p: f"Сказано у {_of(p)}.",
    "found.no-line-for-it": "Такой строки нет; код может пропускать вызов молча.",
    "found.errors-near": lambda p: f"За потерянными: {_of(p)}; за записанными: {number(p, 'recorded')}.",
    "found.no-errors-near": (
        "Не наблюдается; поглощённое исключение не оставляет строк, так что это ничего не опровергает."
    ),
    "found.acks": lambda p: f"Подтверждено {_of(p)}.",
    "found.acks-of-others": lambda p: (
        f"В тех же логах подтверждены {number(p, 'others')} из {number(p, 'recorded')} записанных закрытий и "
        "ни одно из "
        "потерянных."
    ),
    "found.acks-never": (
        "Ни одного подтверждения какой-либо сделки нет, поэтому их отсутствие ни о чём не говорит."
    ),
    "found.no-counter": "Счётчик регистратора с его начала не наблюдался.",
    "found.counter-over": "Счётчик показывает {total}, строк {rows}.",
    "found.counter-agrees": "Счётчик показывает {total}, и строк {rows}.",
    "found.stray-rows": lambda p: (
        f"{counted(number(p, 'count'), 'строка', 'строки', 'строк')} без своего закрытия."
    ),
    "found.no-stray-rows": lambda p: (
        f"Такой нет: просмотрено {counted(number(p, 'rows'), 'строка', 'строки', 'строк')}, журналов: "
        f"{number(p, 'files')}."
    ),
    "found.zone-ruled-out": _zone_ruled_out,
    "found.zone-same-date": _same_date,
    "found.same-day-rows": "Строка {at} того же запуска и дня лежит в {file}: потерянные лежали бы там же.",
    "found.dates-not-at-hand": "Журналов за {dates}, названных по какому-либо поясу, среди файлов нет.",
    "found.older-file-without": lambda p: f"{_held(p)}{_none_fits(p)}.",
    "found.began-that-day": "Запуск начался в тот же день, {date}.",
    "found.no-older-file": "Журнала за более ранний день среди файлов нет.",
    "found.no-ledger-line": "Ни одна строка не называет журнал.",
    "found.opened-not-at-hand": "Регистратор открыл {file} в {at}; этого файла среди имеющихся нет.",
    "found.opened-at-hand": "Регистратор открыл {file} в {at}; файл с таким именем есть.",
    "found.older-rows": lambda p: f"Более ранние строки того же файла целы, у {_of(p)}.",
    "found.no-older-rows": "В {file} нет строк старше потерь, но есть более новые.",
    "found.later-rows": lambda p: f"В журнале есть более поздние строки того же запуска, у {_of(p)}.",
    "found.no-later-rows": "Более поздних строк того же запуска нет.",
    "found.log-ends": "Лог кончается в {to}.",
    "found.log-goes-on": lambda p: (
        f"После последней потери лог продолжается ещё {span(number(p, 'seconds'))}, до {text(p['to'])}."
    ),
    "found.broken-around": lambda p: f"Обрываются, у {_of(p)}.",
    "found.whole-around": lambda p: (
        f"Вокруг каждого потерянного закрытия логи идут без разрыва: {', '.join(strings(p, 'streams'))}."
    ),
    "found.unreadable": lambda p: (
        f"Не прочитано целиком: {counted(number(p, 'count'), 'часть', 'части', 'частей')}."
    ),
    "found.all-read": lambda p: f"Все источники логов ({number(p, 'sources')}) прочитаны целиком.",
    "found.day-not-at-hand": (
        "Журнала за {date} среди файлов нет: не был ли он создан или не был собран, отсюда не узнать."
    ),
    "found.failures-logged": lambda p: f"У {_of(p)}.",
}
