"""Announcements of closes → claims: which lines tell of one close."""

from logaudit.reconcile.claims.claim import Claim

__all__ = ["Claim"]
