"""Analyzers: one file each, `(Subject) -> Section`, found through the registry."""
