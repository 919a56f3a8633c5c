"""Whether a report passes: policy, settings, lock, verdict."""
