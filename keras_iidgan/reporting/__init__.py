"""The report of a run: what is found out of it, and the page or JSON that says it."""

from keras_iidgan.reporting.content import LIGHTS, Picture, Report
from keras_iidgan.reporting.json_form import as_json
from keras_iidgan.reporting.page import page

__all__ = ["LIGHTS", "Picture", "Report", "as_json", "page"]
