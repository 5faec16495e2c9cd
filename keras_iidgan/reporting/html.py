"""HTML that can't be broken by a name: text is escaped unless an element was made here."""

import base64
import dataclasses
import html
import io
from collections.abc import Sequence

from keras_iidgan.reporting.numbers import NONE


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


DPI = 100
VOID = {"br", "img", "meta"}
BROAD = 900  # Pixels, above which a phone shows a part of a picture rather than all of it tiny.


def element(tag, *children, **attributes):
    """Make an element.

    Args:
        tag: its name.
        *children: `Html`, which stands as it is, or anything else, whose text is escaped; None is
            left out.
        **attributes: values are escaped; None and False leave one out, True gives one without a
            value. A last underscore is dropped, and others become hyphens: `class_`, `aria_label`.
    """
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    said = "".join(_attribute(name, value) for name, value in names.items())
    inner = "".join(text(child) for child in children if child is not None)
    return Html(f"<{tag}{said}>" if tag in VOID else f"<{tag}{said}>{inner}</{tag}>")


def text(value):
    """Escape anything but `Html`."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def join(children, between=""):
    """Put elements one after another, None left out."""
    return Html(between.join(text(child) for child in children if child is not None))


def _attribute(name, value):
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(str(value))}"'


def picture(figure, alt):
    """Draw a matplotlib figure into an image element that holds its own PNG.

    Args:
        figure: `matplotlib.figure.Figure`.
        alt: what it shows, for whoever can't see it.
    """
    with io.BytesIO() as file:
        figure.savefig(file, format="png", dpi=DPI)
        code = base64.b64encode(file.getvalue()).decode()
    width, height = (round(inches * DPI) for inches in figure.get_size_inches())
    source = f"data:image/png;base64,{code}"
    class_ = "broad" if width > BROAD else None
    return element("img", src=source, alt=alt, width=width, height=height, class_=class_)


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        cells: as `element` takes children, the first of them the row's heading.
        class_: for its style.
        id_: for links to it.
    """

    cells: Sequence
    class_: str | None = None
    id_: str | None = None


def table(headings, rows, caption=None, **attributes):
    """Make a table that a phone shows row by row.

    Args:
        headings: one for each column.
        rows: `Row`s.
        caption: what stands above.
        **attributes: of the table.
    """
    head = element("tr", *(element("th", name, scope="col") for name in headings))
    body = [_row(headings, row) for row in rows]
    said = element("caption", caption) if caption else None
    made = element("table", said, element("thead", head), element("tbody", *body), **attributes)
    return element("div", made, class_="wide")


def _row(headings, row):
    first, *others = row.cells
    values = [
        element("td", cell, data_label=name, class_="none" if cell == NONE else None)
        for name, cell in zip(headings[1:], others, strict=True)
    ]
    head = element("th", first, scope="row")
    return element("tr", head, *values, class_=row.class_, id_=row.id_)
