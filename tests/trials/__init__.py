"""Trials that take minutes and are run by hand: kills, changed bundles, damaged evidence, limits.

``python -m tests.trials kills`` and so on; each prints its figures, and how to repeat what went wrong.
"""
