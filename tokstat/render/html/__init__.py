"""Results as HTML: one page that needs nothing else, and a fragment for notebooks.

`markup` escapes, `charts`, `tables` and `components` are parts, and `page.render_page` puts a frame
around any of them. `figures` chooses a report's charts, `report` puts its page together; another
result's page takes the same parts.
"""
