"""Any tree of images, on trees that the tests make."""

import zlib

import numpy as np
import pytest
from PIL import Image

from keras_iidgan import data
from keras_iidgan.data import base, folder, image_files, image_tree, squares, stored

pytestmark = pytest.mark.usefixtures("own_cache")


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def write(root, name, image=None, **options):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(noise(12, 12, 3, seed=hash_of(name)) if image is None else image).save(
        path, **options
    )
    return path


def hash_of(name):
    return zlib.crc32(name.encode())


def pixels_of(name):
    return noise(12, 12, 3, seed=hash_of(name))


def load(root, **options):
    return data.load("folder", data_dir=str(root), **({"image_size": 12} | options))


def members(made):
    return {bytes(x): i for i, x in enumerate(made.train)}


@pytest.fixture
def tree(tmp_path):
    """Thirty images without classes, at any depth; their names."""
    names = [f"{i:03}.png" if i % 2 else f"deep/er/{i:03}.PNG" for i in range(30)]
    for name in names:
        write(tmp_path / "tree", name)
    return tmp_path / "tree", names


def test_every_image_is_in_training_or_test_data(tree):
    root, names = tree
    (root / "notes.txt").write_text("not an image")
    write(root, ".hidden/a.png")
    write(root, ".b.png")
    made = load(root)
    assert made.shape == (12, 12, 3) and made.train.dtype == np.uint8
    found = [bytes(base.pixels(x)) for x in made.train] + [bytes(x) for x in made.test]
    assert sorted(found) == sorted(bytes(base.pixels(pixels_of(name))) for name in names)
    assert made.labels is None and made.class_names == ()


def test_the_order_comes_from_the_names_and_other_files_leave_it_alone(tree):
    root, _ = tree
    before = load(root)
    for i in range(15):
        write(root, f"new/{i}.png")
    after = load(root)
    old = [row for row in map(bytes, after.train) if row in members(before)]
    assert old == [row for row in map(bytes, before.train) if row in set(old)]
    assert len(old) == len(before.train)
    assert set(map(bytes, before.test)) <= set(map(bytes, after.test))


def named(count, tops=("",)):
    files = [
        image_files.ImageFile(None, f"{top}/{i}.png" if top else f"{i}.png", (0, 0))
        for i in range(count)
        for top in tops
    ]
    return sorted(files, key=lambda file: file.place)


def test_a_tenth_is_held_out_and_at_most_2000():
    train, test = folder.split(named(5000))
    assert len(test) == pytest.approx(500, abs=4 * np.sqrt(5000 * 0.1 * 0.9))
    assert {f.name for f in train} | {f.name for f in test} == {f.name for f in named(5000)}
    assert len(train) + len(test) == 5000
    assert len(folder.split(named(30_000))[1]) == 2000
    more = {f.name for f in folder.split(named(5001))[1]}
    assert {f.name for f in test} <= more


@pytest.mark.parametrize("count", range(2, 30))
def test_the_smallest_trees_and_classes_are_split_too(count):
    assert all(folder.split(named(count)))
    classes = ("a", "b")
    train, test = folder.split(named(count, classes), classes)
    assert {file.top for file in train} == set(classes) and test


def test_folders_at_the_first_level_are_classes(tmp_path):
    known = {}
    for kind in ("zebra", "Ant", "cat"):
        for i in range(8):
            name = f"{kind}/{'below/' * (i % 2)}{i}{kind[:3]}.png"
            known[bytes(pixels_of(str(write(tmp_path, name).relative_to(tmp_path))))] = kind
    made = load(tmp_path)
    assert made.class_names == ("Ant", "cat", "zebra") and made.num_classes == 3
    assert [known[bytes(x)] for x in made.train] == [made.class_names[i] for i in made.labels]
    part = load(tmp_path, size=7, seed=3)
    assert [known[bytes(x)] for x in part.train] == [made.class_names[i] for i in part.labels]


def test_images_beside_folders_have_no_classes_and_that_is_said(tmp_path, capsys):
    for name in ("a/1.png", "a/2.png", "b/3.png", "4.png"):
        write(tmp_path, name)
    assert load(tmp_path).labels is None
    assert "has 1 images beside its folders: no classes" in capsys.readouterr().err


def test_a_single_folder_is_no_class(tmp_path):
    for i in range(4):
        write(tmp_path, f"img/{i}.png")
    assert load(tmp_path).labels is None


def only(tmp_path, name, image, side=12, **options):
    """One image, written and read by itself."""
    write(tmp_path, name, image, **options)
    (file,) = image_files.find(tmp_path)
    is_grey, why = image_files.look(file, side)
    return image_files.read(file, side, is_grey) if not why else why


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".webp", ".jpg", ".jpeg", ".gif"])
def test_every_format_is_read(tmp_path, suffix):
    colour = np.broadcast_to(np.array([200, 100, 50], np.uint8), (12, 12, 3))
    found = only(tmp_path, "x" + suffix, colour)
    np.testing.assert_allclose(found, colour, atol=3)


def test_a_moving_image_is_its_first_frame(tmp_path):
    frames = [Image.fromarray(np.full([12, 12, 3], v, np.uint8)) for v in (50, 150)]
    frames[0].save(tmp_path / "x.gif", save_all=True, append_images=frames[1:])
    (file,) = image_files.find(tmp_path)
    assert (image_files.read(file, 12, False) == 50).all()


def test_a_photograph_is_turned_as_it_was_taken(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # Turn by 90 degrees clockwise.
    image = noise(12, 12, 3)
    np.testing.assert_array_equal(only(tmp_path, "x.png", image, exif=exif), np.rot90(image, -1))


def test_what_is_transparent_is_black(tmp_path):
    image = np.full([12, 12, 4], 255, np.uint8)
    image[:, :6, 3] = 0
    found = only(tmp_path, "x.png", image)
    assert (found[:, :6] == 0).all() and (found[:, 6:] == 255).all()


def test_sixteen_bits_become_eight(tmp_path):
    deep = (noise(12, 12).astype(np.uint16) << 8) + 77
    np.testing.assert_array_equal(only(tmp_path, "x.png", deep)[..., 0], deep >> 8)


def test_a_large_photograph_is_as_if_decoded_whole(tmp_path):
    ramp = np.linspace(0, 255, 400).astype(np.uint8)
    image = np.stack(np.broadcast_arrays(ramp, ramp[:, None], np.uint8(90)), axis=-1)
    found = only(tmp_path, "x.jpg", image, quality=95)
    np.testing.assert_allclose(found, squares.squares(image[None], 12)[0], atol=4)


def test_grey_images_stay_grey_unless_one_has_colour(tree):
    root, _ = tree
    for i in range(30):
        write(root.parent / "grey", f"{i}.png", noise(12, 12, seed=i))
    made = load(root.parent / "grey")
    assert made.shape == (12, 12, 1)
    assert {bytes(noise(12, 12, seed=i)) for i in range(30)} >= set(members(made))
    write(root.parent / "grey", "colour.png")
    mixed = load(root.parent / "grey")
    assert mixed.shape == (12, 12, 3)
    grey = [x for x in mixed.train if bytes(x[..., 0].copy()) in members(made)]
    assert len(grey) >= 20 and all((x == x[..., :1]).all() for x in grey)


def test_what_cannot_be_used_is_named_and_skipped(tree, capsys):
    root, _ = tree
    whole = load(root)
    capsys.readouterr()
    (root / "text.jpg").write_text("not an image")
    (root / "cut.png").write_bytes(write(root, "cut.png").read_bytes()[:200])
    write(root, "wide.png", noise(12, 49, 3))
    write(root, "small.png", noise(5, 12, 3))
    for _ in range(2):  # The second time from the cache.
        made = load(root)
        assert len(made.train) + len(made.test) == 30
        assert members(made).keys() <= members(whole).keys() | set(map(bytes, made.train))
        (line,) = [x for x in capsys.readouterr().err.splitlines() if "Skipped" in x]
        assert line.startswith("Skipped of 34 images 4: cut.png (")
        assert "small.png (is 12x5)" in line
        assert "text.jpg (isn't an image)" in line and "wide.png (is 49x12)" in line


def test_a_shape_within_the_rule_is_used(tmp_path):
    assert only(tmp_path, "x.png", noise(12, 48, 3)).shape == (12, 12, 3)
    assert only(tmp_path, "x.png", noise(6, 12, 3)).shape == (12, 12, 3)


@pytest.mark.parametrize("damage", ["text", "cut"])
def test_too_many_that_cannot_be_used_are_an_error(tree, damage):
    root, _ = tree
    for i in range(13):
        path = write(root, f"bad{i:02}.png")
        path.write_bytes(b"text" if damage == "text" else path.read_bytes()[:200])
    with pytest.raises(
        ValueError, match="data_dir must hold images of which at most 10%"
    ) as raised:
        load(root)
    message = str(raised.value)
    assert "\n" not in message and "bad00.png" in message and "of 43 in" in message
    assert message.endswith("and 3 more") or damage == "cut"


def test_what_was_decoded_is_kept_until_a_file_changes(tree, own_cache, capsys):
    root, names = tree
    first = load(root)
    assert "Reading the images in" in capsys.readouterr().err
    np.testing.assert_array_equal(load(root).train, first.train)
    assert "Reading" not in capsys.readouterr().err
    write(root, names[0], noise(12, 12, 3, seed=99))
    changed = load(root)
    assert "Reading the images in" in capsys.readouterr().err
    everything = [bytes(base.pixels(x)) for x in changed.train] + [bytes(x) for x in changed.test]
    assert bytes(base.pixels(noise(12, 12, 3, seed=99))) in everything
    for kept in own_cache.glob("*-train.npy"):
        kept.unlink()
    np.testing.assert_array_equal(load(root).train, changed.train)
    assert "Reading the images in" in capsys.readouterr().err


def test_large_trees_stay_on_the_disk(tree, monkeypatch):
    root, _ = tree
    in_memory = load(root, size=20, seed=1)
    monkeypatch.setattr(stored, "IN_MEMORY", 100)
    on_disk = load(root, size=20, seed=1)
    assert isinstance(on_disk.train, np.memmap)
    np.testing.assert_array_equal(on_disk.train, in_memory.train)


def test_an_unwritable_cache_folder_is_said_and_the_images_are_whole(tree, own_cache):
    root, _ = tree
    own_cache.write_text("in the way")
    with pytest.warns(UserWarning, match="aren't kept"):
        made = load(root)
    assert len(made.train) + len(made.test) == 30


def test_links_are_followed_once(tree):
    root, _ = tree
    (root / "deep" / "loop").symlink_to(root, target_is_directory=True)
    outside = root.parent / "outside"
    write(outside, "far.png")
    (root / "link").symlink_to(outside, target_is_directory=True)
    assert len(image_files.find(root)) == 31


@pytest.mark.parametrize("size", [8, 12, 100, 512])
def test_any_size_can_be_had(tmp_path, size):
    for i in range(3):
        write(tmp_path, f"{i}.png", noise(size, size, 3, seed=i))
    assert load(tmp_path, image_size=size).shape == (size, size, 3)
    for wrong in (7, 513):
        with pytest.raises(ValueError, match=f"image_size must be from 8 to 512 .*; got {wrong}"):
            load(tmp_path, image_size=wrong)
    if size == 100:
        assert load(tmp_path, image_size=None).shape == (64, 64, 3)


def test_a_tilde_is_the_home_folder(tree, monkeypatch):
    root, _ = tree
    monkeypatch.setenv("HOME", str(root.parent))
    assert len(load("~/tree").train) == len(load(root).train)


def a_file(root):
    root.write_text("text")


def no_images(root):
    (root / "a").mkdir(parents=True)
    (root / "a" / "x.tiff").write_text("text")


def lone_class(root):
    for name in ("a/1.png", "a/2.png", "b/1.png"):
        write(root, name)


def splits(root):
    for name in ("train/a/1.png", "train/a/2.png", "test/a/1.png"):
        write(root, name)


def both_unreadable(root):
    for name in ("1.png", "2.png"):
        write(root, name).write_text("text")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda root: None, "data_dir must name a tree of images for folder; .*tree doesn't exist"),
        (a_file, "data_dir must name a tree of images for folder; .*tree isn't a folder"),
        (no_images, "data_dir must hold at least two images .*webp.* for folder; .*tree has 0"),
        (lone_class, "data_dir must hold at least two readable images in every.*tree/b has 1"),
        (splits, "data_dir must name one of the folders test, train of .*tree, which look like"),
        (both_unreadable, "data_dir must hold at least two images that can be used.* skipped 2: 1"),
    ],
)
def test_a_tree_that_is_none_is_said_in_a_line(tmp_path, make, message):
    make(tmp_path / "tree")
    with pytest.raises(ValueError, match="^" + message) as raised:
        load(tmp_path / "tree")
    assert "\n" not in str(raised.value)


def test_a_tree_must_be_named():
    with pytest.raises(ValueError, match=r"data_dir must name a tree of images .*; got None"):
        data.load("folder")


def test_the_skipped_are_named_up_to_ten():
    assert image_tree._listed({f"{i:02}": "why" for i in range(12)}).endswith("09 (why) and 2 more")
