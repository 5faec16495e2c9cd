"""The page in a real browser: on a phone, in the dark, and on paper."""

import base64

import browser
import pytest
import reports

from keras_iidgan import reporting

pytestmark = pytest.mark.skipif(
    browser.missing() is not None, reason=f"{browser.missing()} is not installed"
)
TEXTS = "h1, h2, h3, p, a, b, li, th, td, dt, dd, caption, figcaption, summary, .light span, .said"


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with browser.browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """{colour: address of a page}; and, by "several", of a comparison with a long name."""
    folder = tmp_path_factory.mktemp("pages")
    runs = {
        colour: [reports.report(colour=colour, pictures=colour == "red")]
        for colour in reporting.LIGHTS
    }
    names = ("a" * 60, "00001-iidgan-ring", "00002-gan-ring", "00003-veegan-ring")
    runs["several"] = [reports.report(name, pictures=False) for name in names]
    for name, group in runs.items():
        (folder / f"{name}.html").write_text(reporting.as_html(group))
    return {name: (folder / f"{name}.html").as_uri() for name in runs}


@pytest.mark.parametrize("name", ["red", "several"])
def test_it_loads_without_an_error_or_a_request(window, pages, name):
    window.log("browser")
    window.requests()
    window.open(pages[name])
    pictures = "[...document.images].every((image) => image.complete && image.naturalWidth > 0)"
    assert window.run(f"return {pictures}")
    assert window.log("browser") == []
    assert [url for url in window.requests() if not url.startswith("data:")] == [pages[name]]


@pytest.mark.parametrize("name", ["red", "several"])
def test_a_phone_scrolls_down_only(window, pages, name):
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    window.devtools("Emulation.setDeviceMetricsOverride", **size)
    try:
        window.open(pages[name])
        widths = "return [document.documentElement.scrollWidth, innerWidth]"
        assert window.run(widths) == [390, 390]
    finally:
        window.devtools("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["green", "yellow", "red", "several"])
def test_all_can_be_read_in_both_schemes(window, pages, name, scheme):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    window.devtools("Emulation.setEmulatedMedia", features=features)
    window.open(pages[name])
    least, element = window.least_contrast(TEXTS)
    assert least >= 4.5, element  # WCAG 2.2, level AA
    ground = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] < 128"
    assert window.run(ground) is (scheme == "dark")


def test_paper_has_black_on_white_and_what_is_folded_up(window, pages):
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    window.devtools("Emulation.setEmulatedMedia", media="print", features=dark)
    try:
        window.open(pages["red"])
        style = "getComputedStyle(document.body)"
        assert window.run(f"return [{style}.color, {style}.backgroundColor]") == [
            "rgb(0, 0, 0)",
            "rgb(255, 255, 255)",
        ]
        folded = "document.querySelector('details li')"
        assert window.run(f"return {folded}.checkVisibility({{contentVisibilityAuto: true}})")
        assert window.run("return !document.querySelector('nav').checkVisibility()")
        printed = window.devtools("Page.printToPDF")["data"]
        assert base64.b64decode(printed).startswith(b"%PDF")
    finally:
        window.devtools("Emulation.setEmulatedMedia", media="", features=[])


def test_a_reason_leads_to_its_line(window, pages):
    window.open(pages["red"])
    window.click(".verdict a")
    window.until("return document.querySelector(':target').id === 'finding-lost_groups'")
