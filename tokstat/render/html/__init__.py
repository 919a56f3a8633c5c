"""Results as HTML: one page that needs nothing else, and a fragment for notebooks.

`markup` escapes, `components`, `tables` and `charts` are parts, `page` is the frame around them;
`report` puts a report's together.
"""
