"""Simulated trading bots: sessions with a known truth, to measure what logaudit makes of them."""
