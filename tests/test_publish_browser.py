"""Pages in a real browser without a network: nothing is asked for, nothing fails, the structure is there.

Needs a Chromium: SIGHTLINE_CHROMIUM, or /usr/bin/chromium. Without one the tests are skipped and say so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import publish_fixture
import pytest
from conftest import use_database

from publish import assemble, html, spec
from sightline import warehouse
from sightline.councils import load
from sightline.periods import Period

CHROMIUM = os.environ.get("SIGHTLINE_CHROMIUM", "/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="no Chromium: set SIGHTLINE_CHROMIUM to its program"),
]
PAGES = {
    "corporate": "2026-Q2",
    "team_manager": "2026-W39",
    "corporate_members": "2026-Q2",
    "benchmark_tables": "2025-26",
}


@pytest.fixture(scope="module")
def pages(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """One page of each report, as a file."""
    before = use_database(None)
    use_database(warehouse.create_database("publish_browser"))
    folder, found = tmp_path_factory.mktemp("pages"), {}
    with warehouse.connect() as connection:
        publish_fixture.create(connection)
        for name, period in PAGES.items():
            report = spec.reports()[name]
            material = assemble.read(
                connection, report, load("barnet"), Period.parse(period), publish_fixture.AS_AT, True
            )
            found[name] = folder / f"{name}.html"
            found[name].write_bytes(html.render(assemble.document(connection, material, assemble.units(material)[0])))
    use_database(before)
    yield found


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_offline_with_its_structure(browser, pages, name):
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(pages[name].as_uri())
    assert requests == [pages[name].as_uri()] and complaints == []
    assert page.evaluate("document.documentElement.lang") == "en-GB" and page.title().count(":") >= 1
    assert page.locator("h1").count() == 1
    for landmark in ("banner", "main", "contentinfo", "navigation"):
        assert page.get_by_role(landmark).count() == 1, landmark
    unnamed = page.evaluate(
        "[...document.querySelectorAll('svg')].filter(s => s.firstElementChild?.tagName !== 'title').length"
    )
    assert unnamed == 0
    assert page.evaluate(
        "[...document.querySelectorAll('table')].every(t => t.caption && t.querySelector('thead th[scope=col]'))"
    )
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_fits_phone_and_desk(browser, pages, width):
    """Nothing but tables in their own scrolling frame is wider than the screen."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(pages["corporate"].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_tables_behind_charts_open_by_keyboard(browser, pages):
    page = browser.new_page()
    page.goto(pages["corporate"].as_uri())
    summary = page.locator("figure summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure details[open] table").first.is_visible()
    page.close()


CONTRAST = """
() => {
  const light = c => { const v = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 });
                       return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
  const parse = t => { const m = t.match(/[\\d.]+/g).map(Number);
                       return m.length > 3 && m[3] === 0 ? null : m.slice(0, 3) };
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
                                                         if (c) return c }
                        return [255, 255, 255] };
  const bad = [];
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), a = light(parse(style.color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && +style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) bad.push([e.className, e.textContent.slice(0, 30), ratio.toFixed(2)]);
  }
  return bad;
}
"""


@pytest.mark.parametrize("name", PAGES)
def test_text_has_the_contrast_of_wcag_aa(browser, pages, name):
    page = browser.new_page()
    page.goto(pages[name].as_uri())
    assert page.evaluate(CONTRAST) == []
    page.close()
