"""Whether a report passes: policy, settings, verdict."""
