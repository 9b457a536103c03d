"""What the detectors find, what they cost in false alarms, and how that compares with the usual rules."""
