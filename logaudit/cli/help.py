"""How commands show their help: grouped, with examples; and near misses that are near.

rich is loaded for help alone; errors stay plain lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

Command = TypeVar("Command", bound=Callable[..., Any])

#: Commands by what they are for, in the order of the help.
_PANELS: Final = {
    "Find what was lost": ("scan", "watch", "report", "trades", "positions", "source"),
    "Mend it, and hold it": ("restore", "diff", "baseline", "bundle", "verify"),
    "Set it up": ("init", "learn", "profile", "config", "cache", "extract"),
    "Read about it": ("rule",),
}
#: Command → commands to start from, and the page that says more.
_EXAMPLES: Final = {
    "": (
        ("logaudit scan logs/", "logaudit report logs/ -o incident.html", "logaudit rule LA101"),
        "README.md",
    ),
    "scan": (
        ("logaudit scan logs/ --since yesterday", "logaudit scan logs/ -o findings.sarif --format json"),
        "docs/configuration.md",
    ),
    "watch": (("logaudit watch logs/", "logaudit watch logs/ --notify tgram://TOKEN/CHAT"), "docs/watch.md"),
    "report": (("logaudit report logs/ -o incident.html", "logaudit report logs/ --since 7d"), "README.md"),
    "trades": (("logaudit trades logs/ -o trades.parquet",), "docs/python.md"),
    "positions": (("logaudit positions logs/ -o positions.csv",), "docs/python.md"),
    "source": (("logaudit source bot/", "logaudit source bot/.git@v1..v2"), "docs/source.md"),
    "restore": (("logaudit restore logs/ --diff", "logaudit restore logs/ -o patches/"), "docs/restore.md"),
    "diff": (("logaudit diff before.json logs/",), "README.md"),
    "bundle": (("logaudit bundle logs/ -o incident.logaudit.zip",), "docs/custody.md"),
    "verify": (("logaudit verify incident.logaudit.zip logs/",), "docs/custody.md"),
    "init": (("logaudit init logs/ --github",), "docs/ci.md"),
    "learn": (("logaudit learn logs/ -o bot.toml",), "docs/profiles.md"),
    "rule": (("logaudit rule", "logaudit rule missing-row"), "docs/rules/README.md"),
}


class HelpfulCommand(TyperCommand):
    """A command whose help has groups and examples."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - click's own types differ between versions
        """Writes the help with rich."""
        _lay_out(self, self.name or "")
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
        """Parses the arguments; an unknown option is told with the one that is meant."""
        with _naming_nearest(self.params):
            return super().parse_args(ctx, args)


class HelpfulGroup(TyperGroup):
    """A group of commands, in the order and under the headings of the help."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as above
        """The names of the commands: those of the table first."""
        names = super().list_commands(ctx)
        order = [name for panel in _PANELS.values() for name in panel]
        return sorted(names, key=lambda name: order.index(name) if name in order else len(order))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Writes the help with rich."""
        _lay_out(self, "" if ctx.parent is None else self.name or "")
        for title, names in _PANELS.items() if ctx.parent is None else ():
            for name in names:
                if name in self.commands:
                    vars(self.commands[name])["rich_help_panel"] = title
        for command in self.commands.values():
            command.help = _escaped(command.help)
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
        """As `HelpfulCommand.parse_args`."""
        with _naming_nearest(self.params):
            return super().parse_args(ctx, args)


class Program(typer.Typer):
    """A group of commands that show their help so."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - typer's own arguments
        """As typer has them."""
        super().__init__(
            cls=HelpfulGroup,
            no_args_is_help=True,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
            **more,
        )

    def command(
        self,
        name: str | None = None,
        **more: Any,  # noqa: ANN401 - as above
    ) -> Callable[[Command], Command]:
        """Adds a command."""
        return super().command(name, cls=HelpfulCommand, **more)


def nearest(word: str, words: list[str]) -> list[str]:
    """The one of ``words`` that is meant by a misspelt one; dashes in front count for nothing."""
    bare = {known.lstrip("-"): known for known in words if known.startswith("--")}
    return [bare[match] for match in get_close_matches(word.lstrip("-"), bare, 1, cutoff=0.7)]


@contextmanager
def _naming_nearest(params: Iterable[Any]) -> Iterator[None]:
    """Names the option that is meant in click's own error, in place of all that are somehow alike."""
    try:
        yield
    except Exception as error:
        if hasattr(error, "possibilities") and hasattr(error, "option_name"):
            error.possibilities = None
            for option in nearest(error.option_name, [name for param in params for name in param.opts]):
                vars(error)["message"] = f"No such option: {error.option_name}. Did you mean {option}?"
        raise


def _lay_out(command: Any, name: str) -> None:  # noqa: ANN401 - as above
    """Has rich show a command: texts as they stand, paragraphs wrapped anew, examples below."""
    command.rich_markup_mode = "rich"
    command.help = _escaped(command.help)
    for param in command.params:
        if getattr(param, "help", None):
            param.help = _escaped(param.help)
    commands, page = _EXAMPLES.get(name, ((), ""))
    if commands:
        lines = "".join(f"\n  {line}" for line in commands)
        from logaudit.core.docs_url import DOCS_URL  # noqa: PLC0415 - for help alone

        place = page.removeprefix("docs/").removesuffix("README.md").removesuffix(".md").rstrip("/")
        command.epilog = _escape(f"Examples:{lines}\n\nGuide: {DOCS_URL}{place}{'/' if place else ''}")


def _escaped(text: str | None) -> str:
    """Paragraphs without line ends of their own."""
    return _escape("\n\n".join(re.sub(r"\s+", " ", part) for part in (text or "").split("\n\n")))


def _escape(text: str) -> str:
    return re.sub(r"(?<!\\)\[", r"\\[", text)
