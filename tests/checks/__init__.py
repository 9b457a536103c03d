"""tests.checks."""
