"""Which tokens some text can produce, with a text or a proof for each."""
