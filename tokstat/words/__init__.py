"""Words of a language: lexicons, affixes, and the word class of each token."""
