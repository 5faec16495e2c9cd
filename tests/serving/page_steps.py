"""What a person does at the page and sees of it, as functions of a `Browser`."""

import base64
import io

from PIL import Image


def choose(page, name):
    """Choose a model and wait until it is shown."""
    page.until("return document.querySelector('#model:enabled') !== null")
    names = page.run("return [...document.getElementById('model').options].map((o) => o.text)")
    select(page, "#model", names.index(name))
    settle(page)


def select(page, selector, value):
    """Choose a value of a list."""
    page.run(
        "const [selector, value] = arguments, field = document.querySelector(selector);"
        "field.value = value;"
        "['input', 'change'].forEach((name) => field.dispatchEvent(new Event(name)));",
        selector,
        value,
    )


def settle(page):
    """Wait until no part waits for the server."""
    page.until("return document.querySelector('section[aria-busy]') === null")


def section(title):
    """Return the selector of a part."""
    return f"section[aria-labelledby={title}-title]"


def text(page, selector):
    """Return what can be read in an element."""
    return page.run("return document.querySelector(arguments[0]).innerText", selector)


def count(page, selector):
    """Return the number of elements."""
    return page.run("return document.querySelectorAll(arguments[0]).length", selector)


def wait_for_text(page, selector, wanted):
    """Wait until a text is in an element."""
    script = "return document.querySelector(arguments[0]).innerText.includes(arguments[1])"
    page.until(script, selector, wanted)


def wait_for_count(page, selector, wanted):
    """Wait until there are so many elements."""
    script = "return document.querySelectorAll(arguments[0]).length === arguments[1]"
    page.until(script, selector, wanted)


def pictures(page, title):
    """Return the addresses of a part's pictures, without those of empty frames."""
    script = "return [...document.querySelectorAll(arguments[0])].map((image) => image.src)"
    return page.run(script, f"{section(title)} figure:not(.empty) img")


def code(page):
    """Return the code that the plane shows."""
    numbers = text(page, ".code").removeprefix("z = (").rstrip(")").replace("−", "-")
    return [float(number) for number in numbers.split(", ")]


def grey(url, size):
    """Return the grey values of a picture's address."""
    picture = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    assert picture.size == size
    return list(picture.convert("L").tobytes())


def drop(page, selector):
    """Drop a picture that the browser makes, as a person would one of a folder."""
    page.run(
        "const canvas = Object.assign(document.createElement('canvas'), {width: 20, height: 30});"
        "const context = canvas.getContext('2d');"
        "context.fillStyle = 'white';"
        "context.fillRect(5, 5, 9, 9);"
        "const text = atob(canvas.toDataURL().split(',')[1]);"
        "const bytes = Uint8Array.from(text, (character) => character.charCodeAt());"
        "const dataTransfer = new DataTransfer();"
        "dataTransfer.items.add(new File([bytes], 'a.png', {type: 'image/png'}));"
        "const event = new DragEvent('drop', {dataTransfer, cancelable: true});"
        "document.querySelector(arguments[0]).dispatchEvent(event);",
        selector,
    )


def least_contrast(page):
    """Return the lowest ratio of WCAG between a text and its ground, and the element."""
    texts = "h1, h2, label, p, input, select, button, figcaption, dt, dd"
    return page.least_contrast(texts)
