"""Looks at the environment's settings of a store before they are used: some values end a library, not a request."""

from __future__ import annotations

import os
from typing import Final

from logaudit.core.errors import UserError
from logaudit.core.lazy_pattern import lazy_pattern

_PREFIXES: Final = {"s3": "AWS_", "gs": "GOOGLE_", "az": "AZURE_"}
#: What is sent in the heads of requests or names where they go; not a key of Google's, which is a text of many lines.
_SENT: Final = lazy_pattern(
    r"(?:KEY_ID|ACCESS_KEY|TOKEN|REGION|ENDPOINT(?:_URL(?:_S3)?)?|ACCOUNT_NAME|STORAGE_ACCOUNT_KEY)$"
)
_ADDRESS: Final = lazy_pattern(r"https?://[^\s/]+")


def check_environment(scheme: str) -> None:
    """Refuses values that no request can carry; they are not shown.

    Raises:
        UserError: a variable holds a line break or another odd character, or an endpoint that is no address.
    """
    prefix = _PREFIXES.get(scheme)
    for name, value in os.environ.items() if prefix else ():
        if not name.startswith(prefix or "") or not _SENT.search(name) or not value:
            continue
        if not (value.isascii() and value.isprintable()):
            raise UserError(
                f"{name} holds a line break or another character that no request can carry.",
                "Set it again, without what does not belong to it.",
            )
        if "ENDPOINT" in name and not _ADDRESS.match(value):
            raise UserError(f"{name} is no address.", "Write it as https://host or https://host:port.")
