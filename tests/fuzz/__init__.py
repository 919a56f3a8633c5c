"""Mutated inputs for every parser, beyond what the unit tests try."""
