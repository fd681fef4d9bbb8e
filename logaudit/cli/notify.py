"""Notifications by apprise, the extra ``notify``; addresses hold tokens and are never printed."""

from collections.abc import Callable, Sequence
from typing import Any

from logaudit.cli.console import print_stderr
from logaudit.core.errors import UserError

#: Longer texts are refused by some services; the report has the rest.
_LIMIT = 1500


def sender(addresses: Sequence[str]) -> Callable[[str, str], None]:
    """A function that sends a title and a text to all addresses; without any it does nothing.

    Raises:
        UserError: apprise is not installed, or does not understand an address.
    """
    if not addresses:
        return lambda _title, _text: None
    try:
        import apprise  # noqa: PLC0415 - an extra
    except ImportError:
        raise UserError(
            "apprise, which sends notifications, is not installed.",
            'Install it with: python -m pip install "logaudit[notify]"',
        ) from None
    service: Any = apprise.Apprise()
    for number, address in enumerate(addresses, 1):
        if not service.add(address):
            raise UserError(
                f"--notify: apprise does not understand address {number}.", "See https://appriseit.com."
            )

    def send(title: str, text: str) -> None:
        shown = text if len(text) <= _LIMIT else text[:_LIMIT].rpartition("\n")[0] + "\n…"
        if not service.notify(title=title, body=shown):
            print_stderr("logaudit: the notification could not be sent to every address.")

    return send
