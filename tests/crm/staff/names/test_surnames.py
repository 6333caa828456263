"""One table of family names: what it says, masks, sorting and search say alike."""

import pytest

from crm.staff.names.collation import name_key
from crm.staff.names.pinyin import readings, syllable
from crm.staff.names.polyphones import OTHER
from crm.staff.names.surnames import COMPOUND, RARE_COMPOUND, READINGS, family_name
from crm.staff.privacy.masking import mask
from members.profiles.search.terms import terms

FOUND_BY = {
    "万俟博": "moqibo",
    "单于浩": "chanyuhao shanyuhao",
    "澹台明": "tantaiming",
    "尉文": "weiwen yuwen",
    "尉迟恭": "yuchigong",
    "都晓光": "duxiaoguang",
    "薄熙": "boxi",
    "句践生": "goujiansheng",
    "覃海": "tanhai qinhai th qh",
    "谌龙飞": "shenlongfei chenlongfei",
    "盖聂远": "genieyuan gainieyuan",
    "单雄信": "shanxiongxin",
    "简单": "jiandan",
    "张伟": "zhangwei zw",
    "李重阳": "lichongyang lizhongyang lcy lzy",
    "王茜": "wangxi wangqian",
    "吕布衣": "lvbuyi lubuyi lyubuyi lby",
    "召存信": "shaocunxin zhaocunxin",
    "區樂": "oule ouyue",
}


@pytest.mark.parametrize(("name", "texts"), FOUND_BY.items())
def test_a_name_is_found_by_every_reading_of_its_family_name(name, texts):
    assert set(texts.split()) <= terms(name)


def test_a_reading_of_elsewhere_is_none_of_a_family_name():
    assert "danxiongxin" not in terms("单雄信")
    assert "jianshan" not in terms("简单")


@pytest.mark.parametrize("name", FOUND_BY)
def test_the_reading_that_sorts_finds_too(name):
    sorted_by = "".join(part.rstrip("12345") for part in name_key(name).split()[::2])
    assert sorted_by in terms(name)


@pytest.mark.parametrize("name", sorted(COMPOUND))
def test_a_compound_name_is_one_for_masks_and_order(name):
    assert mask("name", f"{name}明") == f"{name}*"
    assert family_name(f"{name}明") == name
    first = readings(f"{name}明")[0]
    assert name_key(f"{name}明").split()[::2] == first
    assert len(READINGS.get(name, [first[:2]])[0]) == 2


@pytest.mark.parametrize("name", sorted(RARE_COMPOUND))
def test_a_rare_compound_shows_no_more_than_one_character(name):
    assert mask("name", f"{name}明") == f"{name[0]}*"


def test_every_reading_fits_its_name():
    for name, ways in READINGS.items():
        assert ways and all(len(way) == len(name) for way in ways), name
        assert len(name) == 1 or name in COMPOUND | RARE_COMPOUND, name
        assert all(sound[:-1].isalpha() and sound[-1] in "1234" for way in ways for sound in way), name


def test_every_reading_of_a_polyphone_is_one_syllable_and_the_usual_one_is_among_them():
    for character, ways in OTHER.items():
        assert len(ways) > 1 and all(way.isascii() and way.isalpha() for way in ways), character
        assert syllable(character).rstrip("12345") in ways, character


def test_a_name_of_polyphones_alone_has_a_bounded_number_of_spellings():
    assert len(terms("重" * 120)) < 120 * 30


def test_what_is_no_chinese_name_has_one_reading():
    assert readings("Mary") == [["", "", "", ""]]
    assert readings("") == [[]]
    assert name_key("Mary 王") == "mary wang2 738b"
