"""Tests of response plans."""
