"""Files of batching parameters: what TensorFlow Serving reads is read, all else is refused."""

import pytest

from keras_iidgan.serving.batching import config as batching_config
from keras_iidgan.serving.batching.config import BatchingParameters


def read(folder, text):
    (folder / "file").write_text(text)
    return batching_config.read(folder / "file")


def test_all_that_a_file_may_say(tmp_path):
    text = """
        # what a comment says
        max_batch_size { value: 32 }
        batch_timeout_micros: { value: 500 };
        max_enqueued_batches { value: 3 } num_batch_threads { value: 2 }
        thread_pool_name { value: "pool" }
        allowed_batch_sizes: 8
        allowed_batch_sizes: [16, 32]
        pad_variable_length_inputs: true
    """
    want = BatchingParameters(32, 500, 3, 2, (8, 16, 32), pad_variable_length_inputs=True)
    assert read(tmp_path, text) == want
    assert [want.padded(rows) for rows in (1, 8, 9, 32)] == [8, 8, 16, 32]


def test_what_a_file_leaves_out_is_the_default(tmp_path):
    assert read(tmp_path, "") == BatchingParameters()
    assert read(tmp_path, "num_batch_threads {value: 1}").num_batch_threads == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nmax_size { value: 1 }", ':2: .* has no field named "max_size"'),
        ("max_batch_size: 3", r':1: .*Expected "\{"'),
        ("max_batch_size { value: 1.5 }", ":1: .*parse integer: 1.5"),
        ("max_batch_size {value: 1}\nmax_batch_size {value: 1}", ":2: .*not have multiple"),
        ("max_batch_size {", ":1: "),
        ("max_batch_size {}", ": max_batch_size must be positive; was 0"),
        ("num_batch_threads { value: 0 }", ": num_batch_threads must be positive; was 0"),
        ("max_enqueued_batches { value: -1 }", ": max_enqueued_batches must be positive; was -1"),
        ("batch_timeout_micros { value: -1 }", ": batch_timeout_micros must be non-negative"),
        ("allowed_batch_sizes: [4, 2, 1000]", ": .* positive and increasing; were .4, 2, 1000"),
        (
            "max_batch_size { value: 8 } allowed_batch_sizes: [2, 4]",
            ": Last entry in allowed_batch_sizes must match max_batch_size; last entry was 4;"
            " expected 8",
        ),
        (
            "enable_large_batch_splitting { value: true } max_batch_size { value: 8 }"
            " max_execution_batch_size { value: 9 }",
            ": max_execution_batch_size must be from 1 to max_batch_size, 8; was 9",
        ),
    ],
)
def test_refusals(tmp_path, text, message):
    with pytest.raises(ValueError, match=f"^{tmp_path}/file{message}") as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ValueError, match="nowhere: No such file"):
        batching_config.read(tmp_path / "nowhere")
    (tmp_path / "file").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="file: not UTF-8"):
        batching_config.read(tmp_path / "file")


def test_a_file_in_the_version(tmp_path):
    assert batching_config.read_per_model(tmp_path) is None
    (tmp_path / "batching_params.pbtxt").write_text("max_batch_size { value: 2 }")
    assert batching_config.read_per_model(tmp_path).max_batch_size == 2
