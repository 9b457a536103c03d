"""Tests of the text benchmarks."""
