"""Family names: which have two characters, and how they are read. Masks, sorting and search all ask here."""

from __future__ import annotations

# After the Hundred Family Names and what is usual today.
_COMPOUND = """
欧阳 上官 司马 诸葛 司徒 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 轩辕 端木
独孤 南宫 西门 呼延 赫连 澹台 申屠 太史 淳于 公冶 濮阳 万俟 闻人 太叔 鲜于 闾丘
司空 司寇 亓官 子车 颛孙 巫马 公西 漆雕 壤驷 公良 拓跋 夹谷 宰父 百里 东郭 南门
羊舌 微生 纳兰 完颜 第五 东门 钟离 即墨 哥舒 贺兰 耶律 达奚 仲孙 歐陽 司馬 諸葛
東方 尉遲 長孫 軒轅 獨孤 南宮 西門 赫連 澹臺 濮陽 聞人 鮮于 閭丘 納蘭 完顏 東門
鍾離 賀蘭 達奚 顓孫 巫馬 東郭
"""
COMPOUND = frozenset(_COMPOUND.split())
# Rare, and they begin like a common name of one character: a mask that took them for a family name would show
# a character of the given name. So only search takes them for one, beside the other reading.
RARE_COMPOUND = frozenset(("单于", "單于", "梁丘", "乐正", "樂正"))

# What is read otherwise than the same characters are elsewhere. Several readings: the usual one first.
_READINGS = {
    "宿": "su4", "殷": "yin1", "柏": "bai3, bo2", "牟": "mou2, mu4", "瞿": "qu2", "乾": "qian2",
    "莘": "shen1, xin1", "盛": "sheng4", "種": "chong2", "郄": "qie4, xi4", "蔚": "yu4, wei4",
    "晟": "cheng2, sheng4", "隽": "juan4, jun4", "仇": "qiu2",
    "万": "wan4", "萬": "wan4", "么": "yao1", "乐": "yue4, le4", "樂": "yue4, le4", "乜": "nie4", "於": "yu1",
    "任": "ren2", "佴": "nai4", "冼": "xian3", "华": "hua4", "華": "hua4", "单": "shan4",
    "單": "shan4", "占": "zhan1", "卜": "bu3", "区": "ou1", "區": "ou1", "句": "gou1", "召": "shao4, zhao4",
    "员": "yun4", "員": "yun4", "哈": "ha3", "宓": "mi4, fu2", "尉": "wei4, yu4", "干": "gan1", "折": "she2",
    "曾": "zeng1", "朴": "piao2", "查": "zha1", "洗": "xian3", "燕": "yan1", "盖": "ge3, gai4",
    "蓋": "ge3, gai4", "相": "xiang4", "祭": "zhai4", "秘": "bi4, mi4", "种": "chong2", "纪": "ji3",
    "紀": "ji3", "繁": "po2", "缪": "miao4, mou2", "繆": "miao4, mou2", "翟": "zhai2, di2", "能": "nai4",
    "舍": "she4", "葛": "ge3", "薄": "bo2", "覃": "qin2, tan2", "观": "guan4", "觀": "guan4", "解": "xie4",
    "褚": "chu3", "谌": "chen2, shen4", "諶": "chen2, shen4", "费": "fei4, bi4", "費": "fei4, bi4",
    "过": "guo1", "過": "guo1", "逄": "pang2", "那": "na1", "郇": "xun2, huan2", "郗": "xi1, chi1",
    "都": "du1", "阚": "kan4", "闞": "kan4", "隗": "wei3, kui2", "黑": "he4",
    "万俟": "mo4 qi2", "乐正": "yue4 zheng4", "樂正": "yue4 zheng4", "令狐": "ling2 hu2",
    "单于": "chan2 yu2", "單于": "chan2 yu2", "子车": "zi3 ju1", "尉迟": "yu4 chi2", "尉遲": "yu4 chi2",
    "澹台": "tan2 tai2", "澹臺": "tan2 tai2", "诸葛": "zhu1 ge3", "諸葛": "zhu1 ge3", "长孙": "zhang3 sun1",
    "長孫": "zhang3 sun1",
}  # fmt: skip
READINGS = {
    name: tuple(tuple(reading.split()) for reading in text.split(", ")) for name, text in _READINGS.items()
}


def family_name(name: str) -> str:
    """What a name begins with: a family name of two characters where more follow, else the first one."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND else name[:1]


def family_readings(name: str) -> list[tuple[str, ...]]:
    """How the family name that a name begins with may be read, the usual reading first.

    Syllables with tones, one a character. Empty: as its characters are read anywhere.
    """
    found = list(READINGS.get(family_name(name), ()))
    if len(name) > 2 and name[:2] in RARE_COMPOUND:
        found += READINGS.get(name[:2], ())
    return found
