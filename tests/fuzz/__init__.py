"""Coverage-guided fuzzing, run by hand: ``python -m tests.fuzz --seconds 60``; what it finds becomes a test."""
