"""Scores beside results: what goes with what, and what that can show."""
