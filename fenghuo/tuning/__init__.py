"""The tuning workbench for series of counts: what would other settings have told, and which settings are best."""
