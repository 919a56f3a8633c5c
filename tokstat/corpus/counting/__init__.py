"""From documents to counts: each distinct piece of text is encoded once."""
