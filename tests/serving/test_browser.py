"""The page in a real browser, without a window, at a real server."""

import browser
import page_toys
import pytest
from page_steps import (
    choose,
    code,
    count,
    drop,
    grey,
    least_contrast,
    pictures,
    section,
    select,
    settle,
    text,
    wait_for_count,
    wait_for_text,
)
from PIL import Image, ImageDraw

from keras_iidgan.serving.auth import Tokens

RIGHT = "\ue014"  # WebDriver's arrow key
SAMPLING, PLANE, INVERSION, WAY = map(section, ("sampling", "plane", "inversion", "interpolation"))

pytestmark = pytest.mark.skipif(
    browser.missing() is not None, reason=f"{browser.missing()} is not installed"
)


def test_samples_of_seeds(page):
    first = pictures(page, "sampling")
    assert len(set(first)) == 16
    page.click(f"{SAMPLING} [name=next]")
    wait_for_text(page, f"{SAMPLING} figcaption", "seed 16")
    assert not set(first) & set(pictures(page, "sampling"))
    page.type(f"{SAMPLING} [name=count]", 5)
    page.type(f"{SAMPLING} [name=seed]", 0)
    page.click(f"{SAMPLING} button:not([name])")
    wait_for_count(page, f"{SAMPLING} img", 5)
    assert pictures(page, "sampling") == first[:5]
    select(page, f"{SAMPLING} [name=label]", 3)
    page.click(f"{SAMPLING} button:not([name])")
    wait_for_text(page, f"{SAMPLING} figcaption", "seed 0, label 3")
    shown = pictures(page, "sampling")
    assert shown[0] != first[0]
    assert shown[3] == first[3]


def test_sliders_and_pad_move_the_code(page):
    (middle,) = pictures(page, "plane")
    page.press(f"{PLANE} [name=across]", RIGHT * 40)
    settle(page)
    assert pictures(page, "plane") != [middle]
    assert code(page) == [0.4, 0, 0]
    page.click(f"{PLANE} .pad svg")  # In its middle.
    settle(page)
    across, up, other = code(page)
    assert abs(across) <= 0.03 and abs(up) <= 0.03 and other == 0  # A pixel is 0.02 or so.
    select(page, f"{PLANE} [name=others]", "seed")
    page.type(f"{PLANE} [name=seed]", 5)
    settle(page)
    assert code(page)[:2] == [across, up]
    assert code(page)[2] != 0


@pytest.fixture
def files(tmp_path):
    """Two pictures: larger than the model's, and one that is transparent in part."""
    large = Image.new("RGB", (120, 90))
    ImageDraw.Draw(large).ellipse((40, 15, 80, 75), outline="white", width=9)
    large.save(tmp_path / "large.jpg")
    clear = Image.new("RGBA", (8, 8), (255, 255, 255, 0))
    clear.paste((255, 0, 0, 255), (2, 1, 5, 7))
    clear.save(tmp_path / "clear.png")
    return tmp_path / "large.jpg", tmp_path / "clear.png"


def test_a_picture_is_inverted_and_refined(page, files):
    page.type(f"{INVERSION} input[type=file]", files[1])
    wait_for_text(page, ".found", "Error")
    original, rebuilt = pictures(page, "inversion")
    assert original != rebuilt
    assert all(name in text(page, ".found") for name in ("Code F(x)", "Label", "probability"))
    values = grey(original, (8, 8))
    assert values[:10] == [0] * 10
    assert values[10:13] == [76] * 3  # 0.299 * 255
    page.click(f"{INVERSION} [name=refine]")
    wait_for_text(page, ".found", "Refined code")
    assert len(set(pictures(page, "inversion"))) == 3
    drop(page, f"{INVERSION} .drop")
    page.until("return !document.querySelector('.found').innerText.includes('Refined code')")
    assert pictures(page, "inversion")[0] != original


def test_ways_between_seeds_codes_and_pictures(page, files):
    assert len(set(pictures(page, "interpolation"))) == 8
    page.type(f"{WAY} [name=count]", 5)
    seen = []
    for kind in (0, 2, 1):
        select(page, f"{WAY} [name=ends]", kind)
        if kind == 1:
            page.type(f"{WAY} .from-place input", files[0])
            page.type(f"{WAY} .to-place input", files[1])
        page.click(f"{WAY} button")
        wait_for_count(page, f"{WAY} img", 5)
        settle(page)
        assert text(page, f"{WAY} .problem") == ""
        first, *_, last = pictures(page, "interpolation")
        assert first != last
        seen += [first, last]
    assert len(set(seen)) == 6


def test_points(page):
    choose(page, "ring")
    assert count(page, f"{SAMPLING} .chosen") == 200
    assert count(page, f"{INVERSION} .behind") == 300
    page.press(f"{PLANE} [name=up]", RIGHT)
    settle(page)
    assert text(page, ".code").startswith("z = (0.00, 0.01), G(z) = (")
    page.click(f"{INVERSION} svg")
    wait_for_count(page, f"{INVERSION} .encoder.dot", 1)
    settle(page)
    page.click(f"{INVERSION} [name=refine]")
    wait_for_count(page, f"{INVERSION} .refined.dot", 1)
    assert count(page, f"{WAY} .chosen.dot") == 8


def test_a_mistake_is_a_line_until_it_is_mended(page):
    choose(page, "ring")
    page.type(f"{INVERSION} .typed", "1")
    page.click(f"{INVERSION} button:not([name])")
    wait_for_text(page, f"{INVERSION} .problem", "Point: 2 numbers with commas between them wanted")
    page.type(f"{INVERSION} .typed", "0.5; 1")
    page.click(f"{INVERSION} button:not([name])")
    wait_for_text(page, ".found", "Error")
    assert text(page, f"{INVERSION} .problem") == ""


def test_a_model_that_is_no_gan_is_named_so(page):
    choose(page, "toy")
    assert "toy has none of a GAN's signatures. It has: pair" in text(page, "#problem")
    choose(page, "ring")
    assert text(page, "#problem") == ""


def test_numbers_that_are_not_finite_are_said(page):
    choose(page, "ring")
    page.run("fetch = async () => new Response('{\"outputs\": [[NaN, -Infinity]]}')")
    page.press(f"{PLANE} [name=across]", RIGHT)
    wait_for_text(page, ".code", "G(z) = (not finite, not finite)")


def test_what_the_server_refuses_is_said(window, page_url):
    window.open(page_url)
    choose(window, "digits")
    script = "document.querySelector(arguments[0]).append(new Option('9', 9))"
    window.run(script, f"{SAMPLING} [name=label]")
    select(window, f"{SAMPLING} [name=label]", 9)
    window.click(f"{SAMPLING} button:not([name])")
    wait_for_text(window, f"{SAMPLING} .problem", "label must be in 0..3")
    assert text(window, f"{SAMPLING} .problem").startswith("400: ")
    assert len(pictures(window, "sampling")) == 16  # Those of before.


def test_a_token_is_asked_for_and_kept_for_the_tab(window, page_models, tmp_path):
    (tmp_path / "tokens").write_text("secret\n")
    with page_toys.serve(page_models, Tokens(tmp_path / "tokens")) as url:
        window.open(url)
        window.until("return document.querySelector('dialog').open")
        window.click("dialog [value=cancel]")
        wait_for_text(window, "#problem", "401: a valid bearer token is required")
        window.open(url)
        for token in ("wrong", "secret"):
            window.until("return document.querySelector('dialog').open")
            window.type("dialog input", token)
            window.click("dialog button")
            window.until("return document.querySelector('dialog input').value === ''")
        wait_for_count(window, f"{SAMPLING} img", 16)
        window.open(url)
        wait_for_count(window, f"{SAMPLING} img", 16)
        assert window.run("return Object.values(sessionStorage)") == ["secret"]
        assert window.run("return [localStorage.length, document.cookie]") == [0, ""]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_both_schemes(page, scheme):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.devtools("Emulation.setEmulatedMedia", features=features)
    least, element = least_contrast(page)
    assert least >= 4.5, element  # WCAG 2.2, level AA
    ground = page.run("return getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(20, 23, 27)") is (scheme == "dark")


def test_a_phone_has_one_column_and_nothing_beside_it(page):
    size = {"width": 375, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    page.devtools("Emulation.setDeviceMetricsOverride", **size)
    try:
        for name in ("digits", "ring"):
            choose(page, name)
            widths = "return [document.documentElement.scrollWidth, innerWidth]"
            assert page.run(widths) == [375, 375]
            lefts = "return [...document.querySelectorAll('section')].map((s) => s.offsetLeft)"
            assert len(set(page.run(lefts))) == 1
    finally:
        page.devtools("Emulation.clearDeviceMetricsOverride")


def test_nothing_moves_while_it_loads(window, page_url):
    window.open(page_url)
    settle(window)
    window.run(
        "window.shifts = [];"
        "new PerformanceObserver((list) => shifts.push(...list.getEntries()))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    # What the observer gets is there at the second frame from now.
    window.run("requestAnimationFrame(() => requestAnimationFrame(() => (window.done = true)))")
    window.until("return window.done")
    shift = window.run("return shifts.reduce((sum, each) => sum + each.value, 0)")
    assert shift <= 0.1  # What Web Vitals call good.


def test_every_field_has_a_label_and_the_tab_key_reaches_it(page):
    script = (
        "return [...document.querySelectorAll('input, select')].filter((f) => f.checkVisibility())"
        ".filter((f) => !f.labels.length || !f.labels[0].innerText.trim() || f.tabIndex < 0)"
        ".map((f) => f.outerHTML)"
    )
    assert page.run(script) == []
