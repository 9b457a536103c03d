"""Telling people: an incident event becomes a message, and every receiver that a route names is told once."""
