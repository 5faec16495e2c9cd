"""The page in a real browser, without a window, at a real server."""

import io

import browser as browsers
import page_toys
import pytest
from PIL import Image, ImageDraw

from keras_iidgan.serving.auth import Tokens

RIGHT = "\ue014"  # WebDriver's arrow key

pytestmark = pytest.mark.skipif(
    browsers.missing() is not None, reason=f"{browsers.missing()} is not installed"
)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return page_toys.registry(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def url(models):
    with page_toys.serve(models) as url:
        yield url


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with browsers.browser(tmp_path_factory.mktemp("profile")) as window:
        yield window


@pytest.fixture
def page(window, url):
    """The page, freshly loaded; its log must be empty at the end and its requests be its own."""
    window.open("about:blank")
    window.log("browser"), window.requests()
    window.open(url)
    choose(window, "digits")
    yield window
    assert window.log("browser") == []
    sent = [each for each in window.requests() if not each.startswith("data:")]
    assert sent and all(each.startswith(url) for each in sent)


def choose(page, name):
    page.until("return document.querySelector('#parts section') !== null")
    page.run(
        "const chooser = document.getElementById('model');"
        "chooser.value = [...chooser.options].findIndex((each) => each.text === arguments[0]);"
        "chooser.dispatchEvent(new Event('change'));",
        name,
    )
    settle(page)


def select(page, selector, value):
    page.run(
        "const [selector, value] = arguments, field = document.querySelector(selector);"
        "field.value = value;"
        "['input', 'change'].forEach((name) => field.dispatchEvent(new Event(name)));",
        selector,
        value,
    )


def settle(page):
    page.until("return document.querySelector('section[aria-busy]') === null")


def section(title):
    return f"section[aria-labelledby={title}-title]"


def pictures(page, title):
    """The addresses of a part's pictures, of those that are no empty frames."""
    selector = f"{section(title)} figure:not(.empty) img"
    return page.run(
        "return [...document.querySelectorAll(arguments[0])].map((i) => i.src)", selector
    )


def problem(page, title):
    return page.run(
        "return document.querySelector(arguments[0]).innerText", f"{section(title)} .problem"
    )


def test_samples_of_seeds(page):
    part = section("sampling")
    first = pictures(page, "sampling")
    assert len(set(first)) == 16
    page.click(f"{part} [name=next]")
    page.until("return document.querySelector('figcaption').innerText.startsWith('seed 16')")
    settle(page)
    assert not set(first) & set(pictures(page, "sampling"))
    page.type(f"{part} [name=count]", 5)
    page.type(f"{part} [name=seed]", 0)
    page.click(f"{part} button:not([name])")
    page.until("return document.querySelectorAll(arguments[0]).length === 5", f"{part} img")
    assert pictures(page, "sampling") == first[:5]
    select(page, f"{part} [name=label]", 3)
    page.click(f"{part} button:not([name])")
    page.until("return document.querySelector('figcaption').innerText === 'seed 0, label 3'")
    settle(page)
    shown = pictures(page, "sampling")
    assert shown[0] != first[0] and shown[3] == first[3]


def test_sliders_and_pad_move_the_code(page):
    part = section("plane")
    (middle,) = pictures(page, "plane")
    page.press(f"{part} [name=across]", RIGHT * 40)
    settle(page)
    (right,) = pictures(page, "plane")
    assert right != middle
    code = "return document.querySelector('.code').innerText"
    assert page.run(code) == "z = (0.40, 0.00, 0.00)"
    page.click(f"{part} .pad svg")  # In its middle.
    settle(page)
    assert pictures(page, "plane") == [middle]
    select(page, f"{part} [name=others]", "seed")
    page.type(f"{part} [name=seed]", 5)
    settle(page)
    assert page.run(code).startswith("z = (0.00, 0.00, ")
    assert pictures(page, "plane") != [middle]


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
    part = section("inversion")
    page.type(f"{part} input[type=file]", files[1])
    page.until("return document.querySelector('.found').innerText.includes('Error')")
    original, rebuilt = pictures(page, "inversion")
    assert original != rebuilt
    found = page.run("return document.querySelector('.found').innerText")
    assert "Code F(x)" in found and "Label" in found
    assert grey(page, original)[:10] == [0] * 10 and grey(page, original)[10] == 76
    page.click(f"{part} [name=refine]")
    page.until("return document.querySelector('.found').innerText.includes('Refined code')")
    assert len(set(pictures(page, "inversion"))) == 3
    drop(page, f"{part} .drop")
    page.until("return !document.querySelector('.found').innerText.includes('Refined code')")
    assert pictures(page, "inversion")[0] != original


def grey(page, url):
    import base64

    picture = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    assert picture.size == (8, 8)
    return list(picture.convert("L").tobytes())


def drop(page, selector):
    """Drop a picture that the browser makes, as a person would one of a folder."""
    page.run(
        "const canvas = Object.assign(document.createElement('canvas'), {width: 20, height: 30});"
        "canvas.getContext('2d').fillStyle = 'white';"
        "canvas.getContext('2d').fillRect(5, 5, 9, 9);"
        "const bytes = Uint8Array.from(atob(canvas.toDataURL().split(',')[1]), (c) => c.charCodeAt());"
        "const dataTransfer = new DataTransfer();"
        "dataTransfer.items.add(new File([bytes], 'a.png', {type: 'image/png'}));"
        "const event = new DragEvent('drop', {dataTransfer, cancelable: true});"
        "document.querySelector(arguments[0]).dispatchEvent(event);",
        selector,
    )


def test_ways_between_seeds_pictures_and_codes(page, files):
    part = section("interpolation")
    assert len(set(pictures(page, "interpolation"))) == 8
    page.type(f"{part} [name=count]", 5)
    for kind, first in ((0, None), (2, None), (1, files)):
        select(page, f"{part} [name=ends]", kind)
        if first:
            page.type(f"{part} .from-place input", files[0])
            page.type(f"{part} .to-place input", files[1])
        before = pictures(page, "interpolation")
        page.click(f"{part} button")
        page.until(
            "const found = [...document.querySelectorAll(arguments[0])].map((i) => i.src);"
            "return found.length === 5 && found.join() !== arguments[1].join()",
            f"{part} img",
            before,
        )
        assert problem(page, "interpolation") == ""


def test_points(page):
    choose(page, "ring")
    dots = "return document.querySelectorAll(arguments[0]).length"
    page.until(dots + " === 200", f"{section('sampling')} .chosen")
    page.until(dots + " === 300", f"{section('inversion')} .behind")
    settle(page)
    page.press(f"{section('plane')} [name=up]", RIGHT)
    settle(page)
    assert page.run("return document.querySelector('.code').innerText").startswith(
        "z = (0.00, 0.01)"
    )
    page.click(f"{section('inversion')} svg")
    page.until(dots + " === 1", f"{section('inversion')} .encoder")
    page.type(f"{section('inversion')} .numbers", "0.01; 0.02")
    page.click(f"{section('inversion')} [name=refine]")
    page.until(dots + " === 1", f"{section('inversion')} .refined.dot")
    assert page.run(dots, f"{section('interpolation')} .chosen.dot") == 8


def test_mistakes_are_a_line_of_their_own(page):
    choose(page, "ring")
    page.type(f"{section('inversion')} .numbers", "1")
    page.click(f"{section('inversion')} button:not([name])")
    page.until(
        "return document.querySelector(arguments[0]).innerText", f"{section('inversion')} .problem"
    )
    assert problem(page, "inversion") == "Point: 2 numbers with commas between them wanted; got 1"
    page.type(f"{section('inversion')} .numbers", "1, 1")
    page.click(f"{section('inversion')} button:not([name])")
    page.until(
        "return !document.querySelector(arguments[0]).innerText", f"{section('inversion')} .problem"
    )


def test_what_the_server_refuses_is_said(window, url, models):
    window.open(url)
    choose(window, "digits")
    part = section("sampling")
    window.run(
        "const select = document.querySelector(arguments[0]);"
        "select.append(new Option('9', 9)); select.value = 9;",
        f"{part} [name=label]",
    )
    window.click(f"{part} button:not([name])")
    window.until("return document.querySelector(arguments[0]).innerText", f"{part} .problem")
    assert problem(window, "sampling").startswith("400: ")
    assert "label must be in 0..3" in problem(window, "sampling")
    assert len(pictures(window, "sampling")) == 16  # Those of before.


def test_a_token_is_asked_for_and_kept_for_the_tab(window, models, tmp_path):
    (tmp_path / "tokens").write_text("secret\n")
    with page_toys.serve(models, Tokens(tmp_path / "tokens")) as url:
        window.open(url)
        for token in ("wrong", "secret"):
            window.until("return document.querySelector('dialog').open")
            window.type("dialog input", token)
            window.click("dialog button")
            window.until("return document.querySelector('dialog input').value === ''")
        settled = (
            "return document.querySelectorAll('section[aria-labelledby=sampling-title] img').length"
        )
        window.until(settled)
        window.open(url)
        window.until(settled)
        assert window.run("return [localStorage.length, document.cookie]") == [0, ""]
        assert window.run("return Object.values(sessionStorage)") == ["secret"]


CONTRAST = """
const luminance = (color) => {
  const parts = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
  const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  const color = getComputedStyle(element).backgroundColor;
  return color === "rgba(0, 0, 0, 0)" && element.parentElement ? ground(element.parentElement) : color;
};
return [...document.querySelectorAll("h1, h2, label, p, input, select, button, figcaption, dt, dd")]
  .filter((element) => element.checkVisibility() && !element.disabled)
  .map((element) => {
    const pair = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => a - b);
    return [(pair[1] + 0.05) / (pair[0] + 0.05), element.outerHTML.slice(0, 80)];
  })
  .sort((a, b) => a[0] - b[0])[0];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_both_schemes(page, scheme):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.devtools("Emulation.setEmulatedMedia", features=features)
    least, element = page.run(CONTRAST)
    assert least >= 4.5, element  # WCAG 2.2, level AA
    ground = page.run("return getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(20, 23, 27)") is (scheme == "dark")
    page.devtools("Emulation.setEmulatedMedia", features=[])


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


def test_every_field_has_a_label_and_the_tab_key_reaches_it(page):
    script = (
        "return [...document.querySelectorAll('input, select')].filter((f) => f.checkVisibility())"
        ".filter((f) => !f.labels.length || !f.labels[0].innerText.trim() || f.tabIndex < 0)"
        ".map((f) => f.outerHTML)"
    )
    assert page.run(script) == []
