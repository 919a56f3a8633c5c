"""Where a text may be cut so that encoding the pieces gives the tokens of the whole."""
