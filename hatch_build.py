"""Compiles what a wheel holds beside Python: message catalogues, and the optional loops of the log reader.

Where the loops cannot be compiled, numpy does their work.
"""

from __future__ import annotations

import sysconfig
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

NAME = "logaudit.ingest.vectorized._native"
SOURCE = "logaudit/ingest/vectorized/_native.c"
#: The Python whose stable interface the C code asks for: its ``Py_LIMITED_API``.
STABLE_SINCE = "cp311"


LOCALE = "logaudit/locale"


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel is built, an editable one too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        """Adds the catalogues to the wheel, and the compiled module, if there is a compiler."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        build_data["artifacts"] += [
            made.relative_to(root).as_posix() for made in compile_catalogues(root / LOCALE)
        ]
        try:
            made = _compiled(root)
        except Exception as error:  # noqa: BLE001 - whatever stands in the way, the program runs without
            self.app.display_warning(f"logaudit is installed without its compiled loops: {error}")
            return
        build_data["artifacts"].append(made.relative_to(root).as_posix())
        build_data["pure_python"] = False
        build_data["tag"] = _tag(made.name, self.build_config.builder.get_best_matching_tag())


def _tag(module: str, of_this_python: str) -> str:
    """The wheel's tag: any Python from 3.11 on where the module keeps to the stable binary interface.

    Args:
        module: the compiled module's file name.
        of_this_python: the tag of the running interpreter, like ``cp312-cp312-linux_x86_64``.
    """
    # On Windows a stable module's name says nothing, and any other names its Python: `_native.cp311-win_amd64.pyd`.
    stable = module in {f"{NAME.rpartition('.')[2]}{suffix}" for suffix in (".abi3.so", ".pyd")}
    return f"{STABLE_SINCE}-abi3-{of_this_python.rpartition('-')[2]}" if stable else of_this_python


def compile_catalogues(locale: Path) -> list[Path]:
    """Writes a ``.mo`` beside every ``.po``, its parts included; the files written."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - needed where a wheel is built only

    made = []
    for path in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        fresh = path.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, read_catalogue(path))
        fresh.replace(target)
        made.append(target)
    return made


def read_catalogue(path: Path) -> Catalog:
    """The translations of one language: its ``.po``, and the parts that are not merged into it yet.

    Raises:
        ValueError: two of them translate one message differently.
    """
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    folder = path.parent.parent
    whole = read_po(BytesIO(path.read_bytes()), locale=folder.name, abort_invalid=True)
    for part in sorted((folder / "parts").glob("*.po")):
        for message in read_po(BytesIO(part.read_bytes()), locale=folder.name, abort_invalid=True):
            if not message.id:
                continue
            known = whole.get(message.id, message.context)
            if known is not None and known.string != message.string:
                raise ValueError(f"{part}: {message.id!r} is translated otherwise elsewhere")
            whole[message.id] = message
    return whole


def _compiled(root: Path) -> Path:
    """Compiles in place; the module's file."""
    from setuptools import Distribution, Extension  # noqa: PLC0415 - absent where nothing is compiled
    from setuptools.command.build_ext import build_ext  # noqa: PLC0415 - as above

    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise RuntimeError("this Python has no stable binary interface")
    module = Extension(NAME, [str(root / SOURCE)], py_limited_api=True)
    command = build_ext(Distribution({"name": "logaudit", "ext_modules": [module]}))
    with tempfile.TemporaryDirectory() as folder:
        command.build_lib = command.build_temp = folder
        command.ensure_finalized()
        command.run()
        built = Path(command.get_ext_fullpath(NAME))
        made = (root / SOURCE).with_name(built.name)
        # Replaced, not written over: a running Python may have the one before in its memory.
        fresh = made.with_suffix(".new")
        fresh.write_bytes(built.read_bytes())
        fresh.replace(made)
    return made
