"""The bot's source as a witness: which paths of its code record a close, and which do not; nothing of it is run."""
