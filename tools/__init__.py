"""Tools for working on Fenghuo itself: installing, and writing the reference pages."""
