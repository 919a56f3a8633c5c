"""What a tokenizer does to text of any size: exact counts that merge, on one core or many."""
