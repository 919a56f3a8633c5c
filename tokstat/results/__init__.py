"""Results as data: reports, the declarations of metrics and rules, reference scores."""
