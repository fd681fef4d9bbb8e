"""Values of a kind in the place of its name in a template: the same ones in every run, and others in each template."""

from __future__ import annotations

import base64
import random
import re
import string
import uuid
from typing import Final

#: ``<<AN64>>`` is a credential, ``[[UUID]]`` is none; the digits are how many characters (bytes in base64) it has.
_PLACE: Final = re.compile(r"<<(?P<secret>[A-Z]+?)(?P<size>\d*)>>|\[\[(?P<other>[A-Z]+?)(?P<length>\d*)\]\]")
_ALPHABETS: Final = {
    "AN": string.ascii_letters + string.digits,
    "UP": string.ascii_uppercase + string.digits,
    "LOW": string.ascii_lowercase + string.digits,
    "HEX": "0123456789abcdef",
    "DIG": "123456789",
    "BASE": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
}
#: What people choose.
_CHOSEN: Final = {
    "WORD": ("sunflower", "letmein", "moonlambo", "swordfish", "dragonfly", "kittycat"),
    "PW": ("Tr4der!", "hunter2#", "Moon$hot", "s3cr3T-", "Passw0rd_", "Qwerty!"),
}


def filled(template: str) -> tuple[str, tuple[str, ...]]:
    """A template's text, and the credentials in it."""
    chance = random.Random(template)  # noqa: S311 - no credentials of anybody
    secrets: list[str] = []

    def value(match: re.Match[str]) -> str:
        made = _value(match["secret"] or match["other"], int(match["size"] or match["length"] or 0), chance)
        if match["secret"]:
            secrets.append(made)
        return made

    return _PLACE.sub(value, template), tuple(secrets)


def _value(kind: str, size: int, chance: random.Random) -> str:
    if kind in _ALPHABETS:
        while True:
            made = "".join(chance.choice(_ALPHABETS[kind]) for _ in range(size))
            # What is as long and has digits has them almost always.
            if size < 16 or kind == "DIG" or any(map(str.isdigit, made)):
                return made
    if kind in _CHOSEN:
        return chance.choice(_CHOSEN[kind]) + "".join(chance.choice(string.digits) for _ in range(3))
    if kind == "UUID":
        return str(uuid.UUID(bytes=chance.randbytes(16), version=4))
    if kind == "BASIC":
        return base64.b64encode(f"trader:{_value('AN', 12, chance)}".encode()).decode()
    packed = base64.urlsafe_b64encode if kind == "URL" else base64.b64encode
    return packed(chance.randbytes(size)).decode()
