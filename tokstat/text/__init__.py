"""Characters and bytes: scripts, letters, and valid UTF-8."""
