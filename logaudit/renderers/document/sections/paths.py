"""The chain learned from good trades, and the code paths that never record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logaudit.core.diagnosis import BlindPath, BlindPaths, ChainStep, Divergence
from logaudit.core.message import Message, msg, plural
from logaudit.renderers.document.citations import cell
from logaudit.renderers.document.document import Badge, Block, Inline, Para, Section, TextSpan, Tone
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.state_labels import SIDES_OF_CLOSE
from logaudit.renderers.document.translator import code, lines, probability, words
from logaudit.renderers.document.view import View


def divergence(view: View, appendices: Appendices) -> Section | None:
    """Where something was lost: the learned chain, or why none could be learned."""
    by_session = {one.session: one for one in view.diagnosis.divergences}

    def make(name: str) -> Iterator[Block]:
        one = by_session.get(name)
        if one is None:
            return
        if one.abstained is not None:
            yield Para(
                (*view.translate(msg("Nothing was learned:")), TextSpan(" "), *view.translate(one.abstained))
            )
        steps = _steps(view, one)
        if steps:
            table = view.table(
                ("place", "delay>", "emitter+template", "in_recorded>", "in_missing>", "seen", "evidence"),
                steps,
                msg("Steps around closes"),
                records=True,
            )
            yield appendices.shorten(view, table, session=name)

    return view.per_session(
        "divergence",
        msg("The chain learned from recorded trades"),
        make,
        msg(
            "Log lines that surround closes within seconds, learned from the logs alone. Those that "
            "only recorded closes have show where the lost ones leave the path."
        ),
    )


def _steps(view: View, one: Divergence) -> tuple[tuple[Inline, ...], ...]:
    kinds: list[tuple[Message, Tone, Sequence[ChainStep]]] = [
        (msg("recorded closes only"), Tone.BAD, one.lost),
        (msg("lost closes only"), Tone.WARN, one.extra),
        (msg("both"), Tone.GOOD, one.shared),
    ]
    return tuple(
        (
            view.translate(SIDES_OF_CLOSE[step.place]),
            words(_delay(view, step.delay)),
            lines(code(step.emitter), code(step.template)),
            words(f"{step.recorded}/{step.of_recorded}"),
            words(f"{step.missing}/{step.of_missing}"),
            (Badge(tone, view.text(kind)),),
            cell(step.example),
        )
        for kind, tone, steps in kinds
        for step in steps
    )


def _delay(view: View, us: int) -> str:
    if not us:
        return "0"
    return ("-" if us < 0 else "+") + view.translator.duration(us)


def blind_paths(view: View) -> Section | None:
    """Where something was lost: the paths, or in words why none is named."""
    by_session = {one.session: one for one in view.diagnosis.blind_paths}

    def make(name: str) -> Iterator[Block]:
        one = by_session.get(name)
        if one is not None:
            yield from _verdict(view, one)

    return view.per_session(
        "blind-paths",
        msg("Blind code paths"),
        make,
        msg("The smallest set of conditions that separates lost closes from recorded ones."),
    )


def _verdict(view: View, one: BlindPaths) -> Iterator[Block]:
    if one.abstained is not None:
        yield Para(
            (*view.translate(msg("No code path is named:")), TextSpan(" "), *view.translate(one.abstained))
        )
    for path in one.paths:
        yield view.para(
            plural(
                "{missing} of {total} this in common: {conditions}. Of closes with it, {n} was recorded.",
                "{missing} of {total} this in common: {conditions}. Of closes with it, {n} were recorded.",
                path.recorded,
            ),
            conditions=view.translate(path.condition),
            missing=path.missing,
            total=plural("{n} lost close has", "{n} lost closes have", path.total_missing),
        )
    if one.paths:
        columns = view.columns(
            "condition=",
            "missing>",
            "recorded>",
            "recall>",
            "precision>",
            "p_value>",
            "unrecorded>",
            "evidence",
        )
        rows = tuple(_row(view, path) for path in one.paths)
        yield view.table(columns, rows, msg("Conditions that single out lost closes"))
        yield view.para(
            msg(
                "Recall: share of the lost closes that the condition explains. Precision: share of "
                "lost ones among all closes that fulfil it. p: chance of so uneven a split, by "
                "Fisher's exact test, one-sided."
            )
        )


def _row(view: View, path: BlindPath) -> tuple[Inline, ...]:
    speech = view.translator
    return (
        view.translate(path.condition),
        words(speech.number(path.missing)),
        words(speech.number(path.recorded)),
        words(speech.percent(path.recall)),
        words(speech.percent(path.precision)),
        words(probability(path.p_value)),
        view.money(path.net_pnl),
        cell(*path.locations[:3]),
    )
