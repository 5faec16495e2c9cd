import statistics

import pytest

from keras_iidgan.comparing.cells import blocks
from keras_iidgan.comparing.tables import Column, Row, Table

COLUMNS = (
    Column("modes", "modes_covered", ".1f", "high"),
    Column("quality", "high_quality", ".1%", "protocol_perfect_high_quality"),
    Column("KL", "kl", ".3f", "low"),
    Column("steps", "steps", ",.0f"),
)


def table(*names, columns=COLUMNS, block=""):
    rows = tuple(Row(name, "gan", "ring", block=block) for name in names)
    return Table("A table", "What it is.", rows, (0, 1), columns)


def run(seed, **figures):
    usual = {"modes_covered": 8, "high_quality": 0.9, "kl": 0.1, "steps": 1000}
    return {"seed": seed, "protocol_perfect_high_quality": 0.9889} | usual | figures


def cells_of(found, place=0, **options):
    (block,) = blocks(table(*found, **options), found)
    return {line.name: line.cells[place] for line in block.lines}


def test_a_cell_is_mean_and_sample_deviation_of_the_seeds():
    values = [0.95, 0.97, 0.99]
    cell = cells_of({"a": [run(n, high_quality=v) for n, v in enumerate(values)]}, 1)["a"]
    assert cell.mean == pytest.approx(statistics.fmean(values))
    assert cell.deviation == pytest.approx(0.02)
    assert cell.text == "97.0% ± 2.0%"


def test_one_run_has_no_deviation_and_nothing_is_a_dash():
    cells = cells_of({"a": [run(0, kl=None)]}, 2) | {"b": cells_of({"a": [run(0)]}, 2)["a"]}
    assert cells["a"].text == "-"
    assert cells["b"].text == "0.100"


def test_steps_that_are_the_same_for_all_have_no_deviation():
    assert cells_of({"a": [run(0), run(1)]}, 3)["a"].text == "1,000"
    assert "±" in cells_of({"a": [run(0), run(1, steps=2000)]}, 3)["a"].text


def test_the_best_is_the_highest_the_lowest_or_the_nearest_to_perfect():
    found = {
        "a": [run(0, modes_covered=7, high_quality=0.999, kl=0.3)],
        "b": [run(0, modes_covered=8, high_quality=0.985, kl=0.2)],
        "c": [run(0, modes_covered=8, high_quality=0.960, kl=0.4)],
    }
    best = [{n for n, cell in cells_of(found, i).items() if cell.best} for i in range(4)]
    assert best == [{"b", "c"}, {"b"}, {"b"}, set()]


def test_where_all_are_alike_or_alone_none_is_best():
    assert not any(cell.best for cell in cells_of({"a": [run(0)], "b": [run(0)]}).values())
    assert not cells_of({"a": [run(0)]})["a"].best


def test_a_run_that_diverged_counts_and_is_in_no_mean_and_its_row_is_not_best():
    found = {
        "a": [run(0), {"seed": 1, "diverged": "generator_adversarial is not finite at step 3"}],
        "b": [run(0, modes_covered=5)],
        "c": [run(0, modes_covered=4)],
    }
    (block,) = blocks(table(*found), found)
    first = block.lines[0]
    assert (first.seeds, first.diverged, first.cells[0].values) == ((0, 1), 1, (8,))
    assert [line.cells[0].best for line in block.lines] == [False, True, False]
    assert block.has_diverged


def test_only_rows_of_the_same_block_are_compared():
    rows = tuple(Row(n, "gan", "ring", block=b) for b in ("ring", "grid") for n in ("a", "b"))
    whole = Table("A table", "", rows, (0,), COLUMNS)
    found = {
        "ring: a": [run(0, modes_covered=3)],
        "ring: b": [run(0, modes_covered=2)],
        "grid: a": [run(0, modes_covered=20)],
        "grid: b": [run(0, modes_covered=21)],
    }
    ring, grid = blocks(whole, found)
    assert [line.cells[0].best for line in (*ring.lines, *grid.lines)] == [True, False, False, True]
    del found["ring: a"], found["ring: b"]
    assert [block.title for block in blocks(whole, found)] == ["grid"]
