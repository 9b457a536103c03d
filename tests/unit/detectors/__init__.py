"""Unit tests of the detectors, by behaviour."""
