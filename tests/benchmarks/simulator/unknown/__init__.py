"""Bots whose words no profile knows: their folders, and whether a scan that must learn them is right."""
