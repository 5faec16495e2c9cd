import re

import pytest

from keras_iidgan import data as datasets
from keras_iidgan import methods, networks
from keras_iidgan.comparing import plan, presets

# Methods that presets name before they are here. One that is written leaves the list by itself.
TO_COME = {
    *("bigan", "veegan", "unrolled_gan", "pacgan", "gdpp", "ldmgan", "vae", "vaegan"),
    *("vaegan_pixel", "sig", "gan_si", "wgan_gp", "wgan_gp_si", "sngan", "iid_wgan_gp"),
    *("iid_sngan", "msgan", "mdgan", "bures_gan", "aae"),
}
NAMES = list(presets.tables())


@pytest.mark.parametrize("name", NAMES)
def test_every_method_of_a_preset_is_here_or_to_come(name):
    assert {row.method for row in presets.get(name).rows} <= {*methods.names(), *TO_COME}


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_a_method_that_is_here_is_a_configuration_that_parses(name):
    table = presets.get(name)
    rows = [row for row in table.rows if row.method in methods.names()]
    for row in rows:
        config = plan.parsed(plan.row_flags(row))
        assert config.method == row.method
        assert set(config.hparam) <= set(methods.hparams(row.method))
        assert config.architecture.partition(":")[0] in ("auto", *networks.names())
        assert config.dataset in datasets.names()
        if config.std is not None and config.std not in datasets.presets(config.dataset):
            assert float(config.std) > 0


@pytest.mark.parametrize("name", NAMES)
def test_rows_have_files_of_their_own_and_printed_figures_belong_to_columns(name):
    table = presets.get(name)
    labels = [row.label(seed) for row in table.rows for seed in table.seeds]
    assert len(set(labels)) == len(labels)
    headings = [column.heading for column in table.columns]
    assert len(set(headings)) == len(headings)
    for row in table.rows:
        assert set(row.paper) <= set(headings)
        for printed in row.paper.values():
            assert re.fullmatch(r"[\d.]+%?( ± [\d.]+%?)?", printed)


def test_the_issue_s_presets_are_there():
    named = {
        *("iid_gan_table1", "invert_gan_table1", "ldm_gan_table1", "semi_implicit_table1"),
        *("semi_implicit_fig1", "ldm_gan_mnist_grid", "iid_gan_fig5", "iid_gan_fig8"),
        *("iid_gan_table2", "iid_gan_table3", "iid_gan_table4", "iid_gan_table5"),
    }
    assert named <= {*presets.tables(), *presets.aliases()}
    assert presets.get("iid_gan_fig8") is presets.get("gaussian")


def test_figures_that_the_papers_name_in_their_text_are_those_of_the_tables():
    # LDMGAN, 5.1: 99.96 % of high quality and one mode for GAN on the ring.
    (gan,) = (
        row
        for row in presets.get("ldm_gan_table1").rows
        if (row.block, row.method) == ("ring", "gan")
    )
    assert gan.paper == {"modes": "1 ± 0.00", "quality": "99.96% ± 0.01%"}
    # IID-GAN's Table 1 is InvertGAN's but for its own rows.
    theirs, first = (
        {
            (row.setting, row.method): row.paper
            for row in presets.get(name).rows
            if row.paper and "GAN (" not in row.name and row.method != "invertgan"
        }
        for name in ("iid_gan_table1", "invert_gan_table1")
    )
    assert theirs == first
    assert len(theirs) == 8


def test_an_unknown_preset_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ValueError, match=r"preset must be of ring, grid.*iid_gan_fig8; got 'moon'"):
        presets.get("moon")
