"""The bad-input lists of all issues, item by item, for each command that an item concerns."""
