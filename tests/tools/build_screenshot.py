"""Take docs/images/report.png, the page of a report: python tests/tools/build_screenshot.py.

It needs a Chromium and `pip install 'tokstat-toolkit[browser]'`. Fonts and the browser's version
change the bytes of a picture, so no check compares them.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser import find_chromium
from tests.tools.build_docs import ROOT, packaged_report
from tokstat import render_report

PICTURE = ROOT / "docs/images/report.png"
SIZE = {"width": 1100, "height": 1000}
LARGEST = 300_000


def main() -> None:
    """Open the page of the packaged ModernBERT in a headless Chromium, and take its first screen.

    Raises:
        UnavailableError: there is no Chromium.
        ValueError: the picture is too large for a README.
    """
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "report.html"
        page_file.write_text(render_report(packaged_report(), "html"), "utf-8")
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--headless=new"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light", device_scale_factor=1)
        page.goto(page_file.as_uri())
        picture = page.screenshot()
        browser.close()
    if len(picture) > LARGEST:
        raise ValueError(f"the picture has {len(picture):,} bytes, more than {LARGEST:,}")
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
