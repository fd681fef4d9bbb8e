"""One audit from paths to report: reads, reconciles, applies rules, diagnoses, applies policy."""
