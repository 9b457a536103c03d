"""tests.unit.alerts."""
