import csv
import io

import pytest

from keras_iidgan.comparing import writers
from keras_iidgan.comparing.tables import Column, Row, Table

TABLE = Table(
    "A & B_1",
    "Flags are in `configs/a_b.flags`; 5 % of #1.",
    (
        Row("a_1", "gan", "ring", paper={"KL|": "0.3 ± 0.1"}),
        Row("b & c", "gan", "ring"),
    ),
    (0, 1),
    (Column("KL|", "kl", "+.2f", "low"), Column("share", "high_quality", ".0%")),
)
FOUND = {
    "a_1": [
        {"seed": 1, "kl": -0.5, "high_quality": 0.5},
        {"seed": 0, "kl": -0.25, "high_quality": 0.5},
    ],
    "b & c": [{"seed": 0, "kl": 1 / 3, "high_quality": 1.0}],
}
DIVERGED = FOUND | {"b & c": [*FOUND["b & c"], {"seed": 1, "diverged": "no"}]}


def test_markdown_has_our_figure_and_the_papers_beside_it():
    lines = writers.markdown(TABLE, FOUND, ("A note.",)).splitlines()
    assert "| run | seeds | KL\\| | paper | share |" in lines
    assert "| a_1 | 0, 1 | **-0.38 ± 0.18** | 0.3 ± 0.1 | 50% ± 0% |" in lines
    assert "| b & c | 0 | +0.33 | - | 100% |" in lines
    assert any("A note." in line and writers.BOLD in line for line in lines)


def modes(*counts):
    return [
        {"seed": n, "modes_covered": k, "modes_total": 25}
        if k is not None
        else {"seed": n, "diverged": "no"}
        for n, k in enumerate(counts)
    ]


def covering(found):
    rows = tuple(Row(name, "gan", "grid", block="grid") for name in found)
    table = Table("T", "", rows, (0, 1), (Column("modes", "modes_covered", ".1f"),))
    keyed = {f"grid: {name}": runs for name, runs in found.items()}
    return writers.markdown(table, keyed)


def test_below_a_block_stands_who_keeps_all_modes_and_in_how_many_runs():
    found = {"A": modes(25, 25), "B": modes(25, 24), "C": modes(3, 24), "D": modes(25, None)}
    expected = "All 25 modes in every run: A; in some: B (1 of 2), D (1 of 2); in none: C."
    assert expected in covering(found).splitlines()


def test_a_block_of_one_row_and_a_table_without_modes_say_nothing_of_modes():
    assert "All 25 modes" not in covering({"A": modes(25, 25)})
    assert "All" not in writers.markdown(TABLE, FOUND)


def test_the_number_of_runs_that_diverged_is_a_column_where_any_did():
    assert "| run | seeds | diverged |" in writers.markdown(TABLE, DIVERGED)
    assert "| b & c | 0, 1 | 1 of 2 |" in writers.markdown(TABLE, DIVERGED)
    assert "| a_1 | 0, 1 | 0 of 2 |" in writers.markdown(TABLE, DIVERGED)
    assert "diverged |" not in writers.markdown(TABLE, FOUND)


def test_csv_reads_back_as_the_unrounded_figures():
    rows = list(csv.DictReader(io.StringIO(writers.as_csv(TABLE, DIVERGED))))
    assert [row["run"] for row in rows] == ["a_1", "b & c"]
    assert float(rows[1]["KL| mean"]) == 1 / 3
    assert float(rows[0]["KL| std"]) == pytest.approx(0.125 * 2**0.5)
    assert (rows[0]["KL| paper"], rows[1]["KL| paper"]) == ("0.3 ± 0.1", "")
    assert (rows[1]["KL| std"], rows[1]["diverged"], rows[1]["seeds"]) == ("", "1", "0 1")


def test_latex_escapes_what_it_must():
    text = writers.latex(TABLE, FOUND)
    assert r"a\_1 & 0, 1 & \textbf{$-$0.38 $\pm$ 0.18} & 0.3 $\pm$ 0.1 & 50\% $\pm$ 0\% \\" in text
    assert r"b \& c & 0 & +0.33 & - & 100\% \\" in text
    assert r"run & seeds & KL\textbar{} & paper & share \\" in text
    assert r"\texttt{configs/a\_b.flags}; 5 \% of \#1" in text
    assert text.count(r"\begin{tabular}{lrrrr}") == text.count(r"\end{tabular}") == 1


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a\\b{c}^~$", r"a\textbackslash{}b\{c\}\textasciicircum{}\textasciitilde{}\$"),
        ("a < b > c", r"a \textless{} b \textgreater{} c"),
        ("one ` alone_", r"one \textasciigrave{} alone\_"),
        ("`x_1` and `y`", r"\texttt{x\_1} and \texttt{y}"),
    ],
)
def test_every_character_that_latex_would_take_for_a_command_is_escaped(text, escaped):
    assert writers.escape(text) == escaped
