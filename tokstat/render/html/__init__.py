"""Results as HTML: a self-contained page, and a fragment for notebooks.

`markup` escapes; `charts`, `tables` and `components` build parts; `page.render_page` builds the
frame around them. `figures` chooses the charts of a report, and `report` builds its page. Pages
of other results use the same parts.
"""
