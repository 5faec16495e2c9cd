"""Pictures of one's own: which are taken, as what, and which are skipped and said."""

import numpy as np
import PIL.Image
import pytest

from keras_iidgan import data
from keras_iidgan.data import folder

pytestmark = pytest.mark.usefixtures("own_cache")


def save(path, colour=(10, 20, 30), size=(80, 80), mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    PIL.Image.new(mode, size, colour).save(path)


@pytest.fixture
def tree(tmp_path):
    """Two classes of twenty pictures, of several formats."""
    root = tmp_path / "pictures"
    for i in range(20):
        save(root / "cats" / "deep" / f"{i}.png", (200, i, 0))
        save(root / "dogs" / f"{i}.{'bmp' if i % 2 else 'gif'}", (0, i, 200))
    (root / "dogs" / "notes.txt").write_text("no picture")
    return root


def load(root, **options):
    return data.load("folder", data_dir=str(root), **{"image_size": 16} | options)


def test_first_level_folders_are_the_classes(tree):
    loaded = load(tree)
    assert loaded.class_names == ("cats", "dogs") and loaded.num_modes == 0
    assert loaded.shape == (16, 16, 3) and loaded.train.dtype == np.uint8
    assert len(loaded.train) + len(loaded.test) == 40
    red = loaded.train[:, 8, 8, 0] > loaded.train[:, 8, 8, 2]
    np.testing.assert_array_equal(loaded.labels, np.where(red, 0, 1))


def test_pictures_beside_the_folders_leave_no_classes(tree):
    save(tree / "stray.png")
    loaded = load(tree)
    assert loaded.labels is None and loaded.class_names == ()
    assert len(loaded.train) + len(loaded.test) == 41


def test_the_usual_size_is_64_and_any_between_8_and_512_is_made(tree):
    assert load(tree, image_size=None).shape == (64, 64, 3)
    assert load(tree, image_size=33).shape == (33, 33, 3)
    with pytest.raises(ValueError, match="image_size must be 8 to 512 for folder; got 7"):
        load(tree, image_size=7)


def test_the_centre_square_is_taken_upright(tmp_path):
    wide = PIL.Image.new("RGB", (120, 60), (255, 0, 0))
    wide.paste((0, 255, 0), (30, 0, 90, 60))
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # To be turned by a quarter.
    for i in range(4):
        wide.save(tmp_path / f"{i}.png")
    turned = PIL.Image.new("RGB", (60, 60), (0, 0, 255))
    turned.paste((255, 255, 255), (0, 0, 30, 60))  # Left half white; upright the top half.
    for i in range(4, 8):
        turned.save(tmp_path / f"{i}.jpg", exif=exif, quality=95)
    loaded = load(tmp_path)
    for image in loaded.train:
        if image[8, 8, 1] > 200 and image[8, 8, 0] < 50:
            assert (image == [0, 255, 0]).all()  # Nothing of the red ends.
        else:
            assert image[2].min() > 200 and image[13, :, 0].max() < 60


def test_grey_pictures_alone_have_one_channel(tmp_path):
    for i in range(5):
        save(tmp_path / f"{i}.png", 10 * i, mode="L")
    loaded = load(tmp_path)
    assert loaded.shape == (16, 16, 1)
    assert set(loaded.train.ravel()) <= {0, 10, 20, 30, 40}
    save(tmp_path / "coloured.png")
    assert load(tmp_path).shape == (16, 16, 3)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("I;16", 65535, [255]),
        ("I;16", 32768, [127]),
        ("L", 77, [77]),
        ("1", 1, [255]),
        ("P", 5, [1, 2, 3]),
        ("RGBA", (10, 20, 30, 255), [10, 20, 30]),
        ("RGBA", (10, 20, 30, 0), [255, 255, 255]),
        ("LA", (40, 255), [40, 40, 40]),
        ("CMYK", (0, 255, 255, 0), [255, 0, 0]),
    ],
)
def test_pictures_of_every_kind_become_8_bits(tmp_path, mode, colour, expected):
    image = PIL.Image.new(mode, (40, 40), colour)
    if mode == "P":
        image.putpalette([9, 9, 9] * 5 + [1, 2, 3])
    for i in range(3):
        image.save(tmp_path / f"{i}.{'jpg' if mode == 'CMYK' else 'png'}")
    found = load(tmp_path).train[0, 8, 8].astype(int).tolist()
    assert len(found) == len(expected)
    assert np.abs(np.subtract(found, expected)).max() <= (6 if mode == "CMYK" else 0)


def spoil(root, count, suffix="jpg"):
    for i in range(count):
        (root / "dogs" / f"bad{i}.{suffix}").write_bytes(b"no picture at all")


def test_what_cannot_be_used_is_named_and_skipped(tree, capsys):
    spoil(tree, 1)
    save(tree / "cats" / "tiny.png", size=(7, 40))
    save(tree / "cats" / "long.png", size=(300, 40))
    loaded = load(tree)
    said = capsys.readouterr().err
    assert "Skipping 3 of 43 pictures:" in said
    assert "dogs/bad0.jpg: it can't be decoded" in said
    assert "cats/tiny.png: 7x40 is less than half of 16" in said
    assert "cats/long.png: 300x40 is too long" in said
    assert len(loaded.train) + len(loaded.test) == 40


def test_a_picture_that_is_cut_short_is_skipped(tree):
    path = tree / "cats" / "deep" / "0.png"
    path.write_bytes(path.read_bytes()[:60])
    loaded = load(tree)
    assert len(loaded.train) + len(loaded.test) == 39


def test_too_many_skipped_pictures_are_an_error_that_names_ten(tree):
    spoil(tree, 12)
    with pytest.raises(ValueError, match=r"^data_dir must hold pictures of which at most 10%") as e:
        load(tree)
    message = str(e.value)
    assert "of 52 in" in message and "12 would be" in message and "and 2 more" in message
    assert message.count("can't be decoded") == 10 and "\n" not in message


def test_more_pictures_leave_the_choice_of_test_pictures_alone(tree):
    paths = sorted(p for p in tree.rglob("*.*") if p.suffix != ".txt")
    first = dict(zip(paths, folder._chosen_for_test(tree, paths), strict=True))
    more = [*paths, *(tree / "cats" / f"more{i}.png" for i in range(400))]
    second = dict(zip(more, folder._chosen_for_test(tree, more), strict=True))
    assert {path: second[path] for path in paths} == first
    assert 0.05 < np.mean(list(second.values())) < 0.15


def test_pictures_are_decoded_once(tree, monkeypatch):
    first = load(tree)
    monkeypatch.setattr(folder, "_picture", None)
    again = load(tree)
    np.testing.assert_array_equal(first.train, again.train)
    np.testing.assert_array_equal(first.labels, again.labels)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "data_dir must name a folder of pictures; .* is none"),
        (lambda path: path.write_text("a file"), "data_dir must name a folder .* is none"),
        (lambda path: path.mkdir(), r"data_dir must hold pictures \(.bmp, .*; .* holds none"),
        (lambda path: save(path / "one.png"), "data_dir must hold 2 pictures or more; .* holds 1"),
    ],
)
def test_what_is_no_folder_of_pictures_is_said(tmp_path, make, message):
    make(tmp_path / "it")
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "it")
    with pytest.raises(
        ValueError, match="data_dir must name a folder of pictures for the data set"
    ):
        data.load("folder")
