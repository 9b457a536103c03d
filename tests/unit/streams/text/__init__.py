"""Tests of reading and masking texts."""
