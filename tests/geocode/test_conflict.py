"""A wrong conflict pack is refused with file and entry."""

import shutil
from pathlib import Path

import pytest

from geocode import ConflictError
from geocode.conflict import load_conflict

BORDER = Path(__file__).parents[1] / "data" / "border"


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("triggers.toml", '[[type]]\nid = "picnic"\n', r"triggers\.toml: type 'picnic'"),
        ("triggers.toml", '[[type]]\nid = "clash"\nen.verb = ["fought"]\n', r"clash\.en\.verb"),
        ("actors.toml", '[[actor]]\nside = "West"\nlabels = ["x"]\n', r"actors\.toml.*'West'"),
        ("sides.toml", '[[side]]\nid = "North"\n', r"sides\.toml.*'North' lacks 'name_en'"),
        ("conflict.toml", 'id = "x"\n', r"conflict\.toml lacks 'name_en'"),
        ("outlets.toml", "= broken", r"outlets\.toml cannot be read"),
    ],
)
def test_load_conflict_names_file_and_entry(tmp_path, file, text, message):
    pack = tmp_path / "pack"
    shutil.copytree(BORDER, pack)
    (pack / file).write_text(text, encoding="utf-8")
    with pytest.raises(ConflictError, match=message):
        load_conflict(pack)


def test_the_same_word_has_the_same_keys_in_both_interface_languages():
    from dashboard.language import load_words

    assert set(load_words("ar")) == set(load_words("en"))
