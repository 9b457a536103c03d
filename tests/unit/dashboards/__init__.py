"""Tests of the series store, its schema, the recorder and the exports."""
