"""The report of a run: what is found out of it, and the page or JSON that says it."""

from keras_iidgan.reporting.comparison import comparison
from keras_iidgan.reporting.content import LIGHTS, Picture, Report
from keras_iidgan.reporting.json_form import as_json
from keras_iidgan.reporting.page import page

__all__ = ["LIGHTS", "WRITERS", "Picture", "Report", "as_html", "as_json", "comparison", "page"]


def as_html(reports):
    """Write one run's page, or several runs side by side.

    Args:
        reports: list of `Report`.
    """
    return page(reports[0]) if len(reports) == 1 else comparison(reports)


WRITERS = {"html": as_html, "json": as_json}
