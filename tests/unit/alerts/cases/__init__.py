"""Tests of case clocks."""
