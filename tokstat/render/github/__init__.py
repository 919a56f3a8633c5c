"""Findings as annotations of GitHub Actions."""
