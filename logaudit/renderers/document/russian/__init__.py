"""Says in Russian, from their data, what statements say in English."""

from __future__ import annotations

from logaudit.renderers.document.russian.remarks import profile_evidence, remark
from logaudit.renderers.document.russian.statements import statement

__all__ = ["profile_evidence", "remark", "statement"]
