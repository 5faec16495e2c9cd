"""The page: all that is known is on it, names can't break it, and it asks nobody for anything."""

import base64
import dataclasses
import io
import json
import re

import parsed
import pytest
import reports
from PIL import Image

from keras_iidgan import reporting
from keras_iidgan.diagnostics import QUESTIONS, Findings, Group, Verdict
from keras_iidgan.reporting import numbers
from keras_iidgan.reporting.content import distinct_names


@pytest.fixture(scope="module")
def written():
    return reporting.page(reports.report())


@pytest.fixture(scope="module")
def page(written):
    return parsed.parse(written)


@pytest.fixture(scope="module")
def stated():
    return json.loads(reporting.as_json([reports.report()]))["runs"][0]


def cells(page, key):
    """{heading of a row: [cells]} of the tables of a part."""
    (section,) = page.all("section", id=key)
    return {
        row.all("th")[0].text: [cell.text for cell in row.all("td")]
        for body in section.all("tbody")
        for row in body.all("tr")
    }


def test_the_verdict_comes_first_with_a_word_beside_its_colour(page):
    (verdict,) = page.all("div", class_="verdict red")
    assert "red" in verdict.all("p", class_="light")[0].text
    assert "Collapsed: the model reaches about 81% of the real data." in verdict.text
    assert page.text.index("Collapsed: ") < page.text.index("modes covered")


@pytest.mark.parametrize("colour", reporting.LIGHTS)
def test_lights_differ_in_more_than_colour(colour):
    lights = {
        each: parsed.parse(reporting.page(reports.report(colour=each, pictures=False)))
        .all("p", class_="light")[0]
        .text
        for each in reporting.LIGHTS
    }
    assert colour in lights[colour]
    assert len({text[0] for text in lights.values()}) == 3


def test_a_reason_leads_to_its_finding(page):
    (verdict,) = page.all("div", class_="verdict red")
    links = {link.text: link.attributes["href"] for link in verdict.all("a")}
    assert links == {
        "title of lost_groups": "#finding-lost_groups",
        "title of energy_distance": "#finding-energy_distance",
    }
    assert "lost_groups:" not in verdict.text  # Its key is for programs.


def test_every_link_leads_somewhere(page):
    ids = [node.attributes["id"] for node in page.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    assert {link.attributes["href"] for link in page.all("a")} <= {f"#{key}" for key in ids}


def test_every_finding_is_stated_with_effect_and_p_value(page, stated):
    rows = {
        row.attributes["id"]: [cell.text for cell in row.all("td")]
        for row in page.all("tr")
        if "id" in row.attributes
    }
    assert set(rows) == {f"finding-{f['name']}" for f in stated["findings"]}
    for found in stated["findings"]:
        _, effect, large, p, statistic, samples = rows[f"finding-{found['name']}"]
        effects = "not finite" if found["effect"] is None else numbers.number(found["effect"])
        assert effect == f"{effects} {found['effect_title']}"
        assert large == numbers.number(found["large"])
        assert p == numbers.probability(found["p_value"])
        assert statistic == numbers.number(found["statistic"])
        assert samples == "4,321"
    asked = {f["group"] for f in stated["findings"]}
    headings = {node.text for node in page.all("h3")}
    assert {QUESTIONS[group] for group in asked} <= headings


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("energy_distance", "✗ matters"),
        ("radius", "✓ not by chance, but too small to matter"),
        ("skewness", "✓ large, but chance may have made it"),
        ("distance_correlation", "✗ could not be measured: not finite"),
        ("runs", "✓ fine"),
        ("density", "· a figure to know, without a limit"),
    ],
)
def test_effect_and_p_value_are_read_together(page, name, reading):
    (row,) = page.all("tr", id=f"finding-{name}")
    assert row.all("td")[0].text == reading
    assert (row.attributes.get("class") == "matters") is reading.startswith("✗")
    assert reports.findings()[name].matters is reading.startswith("✗")


def test_figures_stand_beside_those_of_a_perfect_sampler(page, stated):
    rows = cells(page, "coverage") | cells(page, "quality")
    (modes,) = [row for key, row in rows.items() if key.startswith("modes covered")]
    (good,) = [row for key, row in rows.items() if key.startswith("good samples")]
    figures = stated["figures"]
    assert modes == [str(figures["modes_covered"]), str(figures["modes_total"])]
    assert good == ["93.1%", "98.9%"]


def test_groups_are_marked_where_samples_or_reconstructions_miss_them(page):
    found = cells(page, "coverage")
    assert found["b < a"] == ["12.5%", "5% lost", "20% lost"]
    assert found["all there"] == ["87.5%", "100%", "90%"]


def test_nothing_is_asked_of_anybody(page, written):
    for node in page.all():
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            assert re.match(r"#|data:image/png;base64,|$", node.attributes.get(name) or "")
    assert not page.all("script") and not page.all("link") and not page.all("iframe")
    assert not any(word in written for word in ("url(", "@import", "http:", "https:"))
    (policy,) = [node for node in page.all("meta") if "http-equiv" in node.attributes]
    assert policy.attributes["content"].startswith("default-src 'none';")


def test_pictures_are_whole_and_say_what_they_show(page):
    pictures = page.all("img")
    assert len(pictures) == 4  # A sample, a lost group, figures and losses.
    for node in pictures:
        with Image.open(
            io.BytesIO(base64.b64decode(node.attributes["src"].partition(",")[2]))
        ) as image:
            image.load()
            assert [str(side) for side in image.size] == [
                node.attributes["width"],
                node.attributes["height"],
            ]
        assert node.attributes["alt"]


def test_protocol_settings_versions_and_gaps_are_there(page):
    said = page.all("section", id="protocol")[0].text
    for text in ("generated samples measured 50,000", "learning_rate 0.005", "keras 3.12.0"):
        assert text in said
    assert "features : there is no network" in page.all("section", id="left-out")[0].text


def test_names_cannot_break_the_page(page):
    evil = reports.EVIL
    report = reports.report(
        title=evil,
        verdict=Verdict("red", 0.5, evil, (evil,), (evil,), ()),
        findings=Findings([reports.finding(evil, title=evil, note=evil, effect_title=evil)]),
        groups=(Group(evil, [0], 1.0, 0.5, True),),
        rebuilt_groups=(),
        left_out={evil: evil},
        protocol={evil: evil},
        settings={evil: evil},
        environment={evil: evil},
        pictures=False,
    )
    report = dataclasses.replace(report, pictures=(reports.samples("evil", evil),))
    found = parsed.parse(reporting.page(report))
    assert found.all("h1")[0].text == evil
    assert {node.tag for node in found.all()} <= {node.tag for node in page.all()} - {"script"}
    assert [node.attributes["alt"] for node in found.all("img")] == [evil]
    assert not any(name.startswith("on") for node in found.all() for name in node.attributes)


def test_parts_without_anything_are_left_out():
    report = reports.report(
        findings=Findings(),
        figures={},
        groups=(),
        rebuilt_groups=(),
        records=(),
        left_out={},
        pictures=False,
    )
    page = parsed.parse(reporting.page(report))
    assert [node.attributes["id"] for node in page.all("section")] == ["protocol"]


def test_questions_without_an_answer_are_named():
    verdict = Verdict("green", 1.0, "No sign of collapse.", (), (), ("gaussian", "unused"))
    page = parsed.parse(
        reporting.page(reports.report(colour="green", verdict=verdict, pictures=False))
    )
    (found,) = page.all("div", class_="verdict green")
    assert QUESTIONS["gaussian"] in found.text and QUESTIONS["unused"] in found.text
    assert QUESTIONS["lost"] not in found.text


def test_an_unknown_light_is_refused():
    with pytest.raises(ValueError, match="colour must be one of green, yellow, red; got 'blue'"):
        reports.report(colour="blue", pictures=False)


def test_json_is_strict_and_whole(stated):
    assert stated["verdict"]["coverage"] == 0.8125
    assert stated["verdict"]["lost"] == ["b < a"]
    assert {f["name"]: f["matters"] for f in stated["findings"]} == {
        finding.name: finding.matters for finding in reports.findings()
    }
    assert stated["groups"][0]["worst_members"] == [3, 1]
    assert stated["records"][1]["modes_covered"] == 7


def test_several_runs_stand_side_by_side():
    runs = [reports.report("00000-gan"), reports.report("00001-iidgan", colour="green")]
    page = parsed.parse(reporting.as_html(runs))
    for colour in ("red", "green"):
        assert len(page.all("div", class_=f"verdict {colour}")) == 1
    found = cells(page, "figures")
    assert found["verdict"] == ["red", "green"]
    assert found["real data reached, estimated"] == ["81.2%", "81.2%"]
    effects = cells(page, "findings")
    for finding in reports.findings():
        (row,) = [value for key, value in effects.items() if key.startswith(finding.title)]
        mark = "✗ " if finding.matters else ""
        assert row == [mark + numbers.number(finding.effect)] * 2
    assert len(page.all("section", id="pictures")[0].all("img")) == 2
    assert not page.all("a")  # Findings have rows of all runs here.


def test_a_comparison_shows_what_one_run_alone_has_and_where_settings_differ():
    other = reports.report(
        "b", findings=Findings(), settings={"method": "gan", "ema": 0.5}, pictures=False
    )
    one = reports.report("a", settings={"method": "gan"}, pictures=False)
    page = parsed.parse(reporting.as_html([one, other]))
    (row,) = [v for k, v in cells(page, "findings").items() if k.startswith("title of radius")]
    assert row == ["0.021", numbers.NONE]
    rows = {row.all("th")[0].text: row for row in page.all("section", id="protocol")[0].all("tr")}
    assert rows["ema"].attributes.get("class") == "differs"
    assert "class" not in rows["method"].attributes


def test_runs_of_the_same_name_are_told_apart():
    names = distinct_names([reports.report(n, pictures=False) for n in ("a", "b", "a")])
    assert len(set(names)) == 3 and names[1] == "b"
