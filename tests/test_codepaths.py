"""Where the result of a close ends: recorded, on a condition, dropped, broken, or not to be told."""

from __future__ import annotations

import textwrap

import pytest
from code_source import DESK, end_of, said_of, tree_of

from logaudit.codepaths.classify import analyze
from logaudit.profiles import load_built_in

RECORDED = {
    "passed on": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            self.journal.record(result)
        """,
    "passed at once": """
        async def stop(self, symbol):
            self.journal.record(await self.close_position(symbol, "stop"))
        """,
    "a test that the result settles": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            if result is None:
                return
            if result:
                self.journal.record(result)
        """,
    "through a helper": """
        async def stop(self, symbol):
            self._note(await self.close_position(symbol, "stop"))

        def _note(self, result):
            self.journal.record(result)
        """,
    "by a helper that makes its own result": """
        async def stop(self, symbol):
            await self.close_position(symbol, "stop")
            self._note(symbol)

        def _note(self, symbol):
            self.journal.record(Result(symbol, 0.0))
        """,
    "in finally": """
        async def stop(self, symbol):
            result = None
            try:
                result = await self.close_position(symbol, "stop")
            finally:
                self.journal.record(result)
        """,
    "in both branches": """
        async def stop(self, symbol, fast):
            result = await self.close_position(symbol, "stop")
            if fast:
                self.journal.record(result)
            else:
                await self.pause()
                self.journal.record(result)
        """,
    "each of several": """
        async def stop(self, symbols):
            results = [await self.close_position(s, "stop") for s in symbols]
            for result in results:
                self.journal.record(result)
        """,
    "collected in a local list": """
        async def stop(self, symbol):
            done = []
            done.append(await self.close_position(symbol, "stop"))
            for result in done:
                self.journal.record(result)
        """,
    "returned to a caller that records": """
        async def stop(self, symbol):
            return await self.close_position(symbol, "stop")

        async def run(self, symbol):
            self.journal.record(await self.stop(symbol))
        """,
    "awaited with a limit": """
        async def stop(self, symbol):
            result = await asyncio.wait_for(self.close_position(symbol, "stop"), 5)
            self.journal.record(result)
        """,
    "at the next turn of the loop": """
        async def stop(self, symbols):
            pending = None
            for symbol in symbols:
                if pending:
                    self.journal.record(pending)
                pending = await self.close_position(symbol, "stop")
            if pending:
                self.journal.record(pending)
        """,
    "raised otherwise": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            if symbol == "x":
                raise RuntimeError(symbol)
            self.journal.record(result)
        """,
}
DROPPED = {
    "as a statement": """
        async def stop(self, symbol):
            await self.close_position(symbol, "stop")
        """,
    "only tested": """
        async def stop(self, symbol):
            if await self.close_position(symbol, "stop"):
                logger.info("done")
        """,
    "only logged": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            logger.info(f"{result} {result.pnl}")
            return True
        """,
    "bound anew": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            result = None
            return result
        """,
    "a helper that does something else": """
        async def stop(self, symbol):
            self._count(await self.close_position(symbol, "stop"))

        def _count(self, result):
            self.closed = self.closed + 1
        """,
    "only a figure of it goes elsewhere": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            self.risk.release(result.pnl)
        """,
    "recorded before the close only": """
        async def stop(self, symbol, earlier):
            self.journal.record(earlier)
            await self.close_position(symbol, "stop")
        """,
    "recorded in the other branch": """
        async def stop(self, symbol, earlier):
            if earlier:
                self.journal.record(earlier)
            else:
                await self.close_position(symbol, "stop")
        """,
    "returned before the recorder": """
        async def stop(self, symbol, earlier):
            if symbol:
                await self.close_position(symbol, "stop")
                return
            self.journal.record(earlier)
        """,
}
CONDITIONAL = {
    "an attribute that may not be there": (
        """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            if result and hasattr(self, "journal"):
                self.journal.record(result)
        """,
        "hasattr(self, 'journal')",
    ),
    "an early return": (
        """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            if self.paused:
                return
            self.journal.record(result)
        """,
        "not (self.paused)",
    ),
    "a short circuit": (
        """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            self.live and self.journal.record(result)
        """,
        "self.live",
    ),
    "inside a helper": (
        """
        async def stop(self, symbol):
            self._note(await self.close_position(symbol, "stop"))

        def _note(self, result):
            if result.pnl > 0:
                self.journal.record(result)
        """,
        "result.pnl > 0",
    ),
    "a case": (
        """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            match self.mode:
                case "live":
                    self.journal.record(result)
                case _:
                    pass
        """,
        "self.mode matches 'live'",
    ),
}
UNKNOWN = {
    "a callback": """
        async def stop(self, symbol):
            self.on_close(await self.close_position(symbol, "stop"))
        """,
    "a callback without the result": """
        async def stop(self, symbol):
            await self.close_position(symbol, "stop")
            self.on_close(symbol)
        """,
    "getattr": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            getattr(self.journal, self.method)(result)
        """,
    "a queue": """
        async def stop(self, symbol):
            await self.queue.put(await self.close_position(symbol, "stop"))
        """,
    "kept in the object": """
        async def stop(self, symbol):
            self.last = await self.close_position(symbol, "stop")
        """,
    "a list of the object": """
        async def stop(self, symbol):
            self.done.append(await self.close_position(symbol, "stop"))
        """,
    "each listener": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            for listener in self.listeners:
                listener(result)
        """,
    "handed on without being called": """
        def wire(self, trailing):
            trailing.close_callback = self.close_position
        """,
    "looked up by name": """
        async def stop(self, symbol):
            await getattr(self, "close_position")(symbol, "stop")
        """,
    "in a lambda": """
        def wire(self, loop):
            loop.call_later(5, lambda: self.close_position("x", "stop"))
        """,
    "returned to nobody": """
        async def stop(self, symbol):
            return await self.close_position(symbol, "stop")
        """,
    "recorded above": """
        async def stop(self, symbol):
            await self.close_position(symbol, "stop")

        async def run(self, symbol):
            await self.stop(symbol)
            self.journal.record(Result(symbol, 0.0))
        """,
    "yielded": """
        async def stop(self, symbols):
            for symbol in symbols:
                yield await self.close_position(symbol, "stop")
        """,
    "a session of a database": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            with Session() as session:
                session.add(Row(result))
        """,
    "a global variable": """
        async def stop(self, symbol):
            global LAST
            LAST = await self.close_position(symbol, "stop")
        """,
    "an operator": """
        async def stop(self, symbol):
            self.pipe << await self.close_position(symbol, "stop")
        """,
    "a file": """
        async def stop(self, symbol):
            result = await self.close_position(symbol, "stop")
            self.file.write(f"{symbol},{result.pnl}\\n")
        """,
    "a file by print": """
        async def stop(self, symbol):
            print(await self.close_position(symbol, "stop"), file=self.file)
        """,
    "a thread": """
        async def stop(self, symbol):
            await asyncio.to_thread(self.journal.record, await self.close_position(symbol, "stop"))
        """,
    "an alias of the recorder": """
        async def stop(self, symbol):
            write = self.journal.record
            write(await self.close_position(symbol, "stop"))
        """,
    "a function made on the way": """
        async def stop(self, symbol, loop):
            result = await self.close_position(symbol, "stop")

            def done():
                self.journal.record(result)

            loop.call_soon(done)
        """,
    "replaced at run time": """
        async def stop(self, symbol):
            await self.close_position(symbol, "stop")

        def patch(self):
            Exits.close_position = recording(Exits.close_position)
        """,
    "nothing calls it": "",
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_path_that_always_comes_to_the_recorder_is_recorded(name: str) -> None:
    assert end_of(RECORDED[name])[0] == "recorded"


@pytest.mark.parametrize("name", DROPPED)
def test_a_path_that_never_comes_to_the_recorder_is_blind(name: str) -> None:
    assert end_of(DROPPED[name])[0] == "dropped"


@pytest.mark.parametrize("name", CONDITIONAL)
def test_a_condition_is_named_as_it_stands_in_the_code(name: str) -> None:
    caller, condition = CONDITIONAL[name]
    assert end_of(caller) == ("conditional", condition)


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_known_only_when_the_bot_runs_is_never_blind(name: str) -> None:
    ends = {site.end.value for site in said_of(UNKNOWN[name]).sites}
    assert ends == {"unknown"}


def test_a_decorator_may_record() -> None:
    caller = """
    @audited
    async def leave(self, symbol):
        logger.info(f"Closed long position {symbol} @ {1} size={2} pnl={3:+.2f} reason={4}")
        return Result(symbol, 1.0)

    async def stop(self, symbol):
        await self.leave(symbol)
    """
    ends = {site.closer: site.end.value for site in said_of(caller).sites}
    assert ends["Exits.leave"] == "unknown"


def test_a_subclass_may_record() -> None:
    more = """
    from desk import Exits

    class Recording(Exits):
        async def close_position(self, symbol, reason):
            self.journal.record(await super().close_position(symbol, reason))
    """
    sites = said_of(DROPPED["as a statement"], more=more).sites
    assert {site.function: site.end.value for site in sites} == {
        "Exits.stop": "unknown",
        "Recording.close_position": "recorded",
    }


def test_a_close_that_records_itself_is_recorded_at_every_call() -> None:
    source = DESK.replace("return Result(symbol, pnl)", "self.journal.record(Result(symbol, pnl))")
    source += """
    async def stop(self, symbol):
        await self.close_position(symbol, "stop")
    """
    (site,) = analyze(tree_of(desk=source), load_built_in("generic")).sites
    assert (site.function, site.end.value, site.reasons) == ("Exits.stop", "recorded", ("stop",))


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("self.journal.append_trade(result)", "Journal has no append_trade."),
        ("self.journal.record(result, True)", "Journal.record does not take what it is called with."),
        (
            'self.journal.record({"symbol": result.symbol})',
            "Journal.record reads the attributes pnl, symbol, and is given a dictionary.",
        ),
        ("self.journal.record(True)", "Journal.record is given a constant in place of a result."),
    ],
)
def test_a_call_that_the_recorder_cannot_take_is_broken(call: str, why: str) -> None:
    caller = f"""
    async def stop(self, symbol):
        result = await self.close_position(symbol, "stop")
        {call}
    """
    (site,) = said_of(caller).sites
    assert (site.end.value, str(site.why)) == ("broken", why)


def test_a_recorder_of_another_class_is_no_recorder() -> None:
    more = """
    class Metrics:
        def record(self, result):
            self.total = result
    """
    caller = """
    async def stop(self, symbol):
        from metrics import Metrics

        metrics = Metrics()
        metrics.record(await self.close_position(symbol, "stop"))
    """
    sites = said_of(caller, metrics=more).sites
    assert [site.end.value for site in sites] == ["unknown"]  # it keeps the result in its object


def test_the_recorder_can_be_named() -> None:
    caller = """
    async def stop(self, symbol):
        self.keep(await self.close_position(symbol, "stop"))

    def keep(self, result):
        pass
    """
    assert [s.end.value for s in said_of(caller).sites] == ["dropped"]
    named = said_of(caller, recorder="Exits.keep")
    assert (named.basis, [s.end.value for s in named.sites]) == ("named", ["recorded"])


def test_without_a_recorder_nothing_is_said() -> None:
    source = DESK.replace("Trade recorded", "noted").replace("def record(", "def note(")
    source += """
    async def stop(self, symbol):
        await self.close_position(symbol, "stop")
    """
    analysis = analyze(tree_of(desk=source), load_built_in("generic"))
    assert (analysis.basis, analysis.sites) == ("", ())


def test_many_conditional_arguments_are_followed_once_each() -> None:
    """Two paths for each of 30 arguments would be a billion."""
    arguments = ", ".join(f"self._note({i})" for i in range(30))
    caller = f"""
    async def stop(self, symbol):
        result = await self.close_position(symbol, "stop")
        self.tell({arguments})

    def _note(self, number):
        if self.live:
            self.journal.record(Result("x", number))
    """
    assert end_of(caller) == ("conditional", "self.live")


@pytest.mark.parametrize(("method", "end"), [("record", "recorded"), ("record_trade", "broken")])
def test_of_two_classes_of_one_name_both_must_lack_a_method(method: str, end: str) -> None:
    more = """
    class Journal:
        def record(self, result):
            self.total = result
    """
    caller = f"""
    async def stop(self, symbol):
        self.owner.journal.{method}(await self.close_position(symbol, "stop"))
    """
    source = DESK.replace("self.on_close = None", "self.on_close = None\n        self.owner = owner")
    holder = """
    class Owner:
        def __init__(self):
            self.journal = Journal()
    """
    methods = textwrap.indent(textwrap.dedent(caller), "    ")
    tree = tree_of(
        desk=source.replace("class Journal:", "class Journal(object):") + methods, spot=more, own=holder
    )
    sites = analyze(tree, load_built_in("generic")).sites
    assert [site.end.value for site in sites] == [end]
