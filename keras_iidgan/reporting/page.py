"""The page: one file that asks for nothing else."""

import importlib.resources

from keras_iidgan.reporting import sections
from keras_iidgan.reporting.html import Html, element, join

# Even if something wanted to, the page can't ask anybody for anything.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_SECTIONS = (
    ("coverage", "Coverage: what is reached of the real data", sections.coverage),
    ("quality", "Quality: are the samples good, varied and new?", sections.quality),
    ("codes", "Codes: is F(x) an IID sample of N(0, I)?", sections.codes),
    ("lost", "Lost data", lambda report: sections.pictures(report.lost_pictures)),
    ("figures", "Samples and codes", lambda report: sections.pictures(report.pictures)),
    ("curves", "Training", sections.curves),
    ("left-out", "What could not be measured", sections.left_out),
    ("protocol", "Protocol and environment", sections.protocol),
)


def page(report):
    """Write the page of one run.

    Args:
        report: a `Report`.

    Returns:
        A string, the whole HTML document.
    """
    parts = [
        (key, title, [part for part in make(report) if part]) for key, title, make in _SECTIONS
    ]
    parts = [part for part in parts if part[2]]
    links = [element("a", title.partition(":")[0], href=f"#{key}") for key, title, _ in parts]
    return document(
        f"Did it collapse? {report.title}",
        [
            element("header", element("p", "Did it collapse?"), element("h1", report.title)),
            sections.verdict(report),
            element("nav", *links, aria_label="Parts of this page"),
            *(section(*part) for part in parts),
        ],
    )


def section(key, title, children):
    """Make a part of the page with its heading."""
    heading = element("h2", title, id=f"{key}-title")
    return element("section", heading, *children, id=key, aria_labelledby=f"{key}-title")


def document(title, children):
    """Make a document from the parts of its body."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Html(_style())),
    )
    whole = element("html", head, element("body", element("main", join(children))), lang="en")
    return f"<!DOCTYPE html>\n{whole}\n"


def _style():
    return importlib.resources.files("keras_iidgan.reporting").joinpath("style.css").read_text()
