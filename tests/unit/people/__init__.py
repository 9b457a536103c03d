"""Roles, and the file of people."""
