"""Announcements of closes → claims: which lines tell of one close, and which repeats are closes of their own."""

from logaudit.reconcile.claims.claim import Claim, claims_of, rebuilt
from logaudit.reconcile.claims.promote import Pairing, revised

__all__ = ["Claim", "Pairing", "claims_of", "rebuilt", "revised"]
