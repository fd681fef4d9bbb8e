"""Plain data that every layer may import: it imports nothing of logaudit but itself."""
