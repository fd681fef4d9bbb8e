"""logaudit: finds the trades a trading bot's ledger lost, and the lines that prove it."""

__version__ = "0.1.0"
