"""dashboards.store."""
