"""Texts that may name a person, wherever they stand.

It errs towards "yes": a value hidden by mistake costs somebody a look at their own file, one shown by mistake
cannot be taken back.
"""

from __future__ import annotations

import re
import unicodedata

from crm.staff.names.surnames import COMPOUND, family_name
from crm.staff.privacy.masking import mask

HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_SEPARATORS = r"[ \t.,\-‐-―_/·()+]"
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[-/.年]?)(?:0?[1-9]|1[0-2])(?:[-/.月]?)(?:0?[1-9]|[12]\d|3[01])(?!\d)"
)
_DIGITS = re.compile(rf"\d(?:{_SEPARATORS}?\d){{6,}}")
_MOBILE = re.compile(r"(?:00)?(?:86|0)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?<!\d)0[1-9]\d{1,2}-\d{7,8}(?!\d)")
_REGION = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|7[12]|8[1-3]|9[1-4])"
_ID_NUMBER = re.compile(rf"{_REGION}\d{{4}}(?:\d{{9}}|\d{{11}}[\dXx])")
_BANK_CARD = re.compile(r"[3-9]\d{14,18}")
_RUNS = [re.compile(rf"\d(?:{between}\d)*[Xx]?") for between in ("", r"[ \-]?", r"[ \-.·_/]?")]
_ADDRESS = re.compile(r"\d(?:号|號|弄|栋|棟|幢|单元|單元|室)")
_NAME = re.compile(rf"{HAN}+")
# The family names of nineteen people in twenty, after the register of 2020.
_COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文洪樊兰殷施温"
    "安俞章鲁葛伍颜倪牛季申齐梅庄辛管祝左涂谷时舒耿牟卜詹关苗欧裴柯翟盛岳柳凌霍成聂焦包解符纪单冉尚柴华路房辛甘项曲"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮蕭葉蘇呂盧鍾譚陸韋賈鄒龍賀顧龔邵萬錢嚴湯喬賴蘭莊齊塗聶關歐單華"
)


def looks_personal(text: str, *, names: bool = True) -> bool:
    """Whether a text holds an e-mail address, a long number (mobile, ID number, bank card), or a name.

    A name is two to four Chinese characters that begin with a family name: any such where `names`, otherwise
    only one beside digits. Dates are no long numbers.
    """
    text = plain_form(text)
    if "@" in text or holds_personal_number(text) or _DIGITS.search(_DATE.sub(" ", text)):
        return True
    if names and _ADDRESS.search(text):
        return True
    return (names or bool(re.search(r"\d{4}", text))) and any(map(_is_name, _NAME.findall(text)))


def holds_personal_number(text: str) -> bool:
    """Whether digits of a text, blanks, hyphens or dots between or not, are built like a person's number."""
    text = plain_form(text)
    runs = [re.sub(r"[^\dXx]", "", run) for pattern in _RUNS for run in pattern.findall(text)]
    return bool(_LANDLINE.search(text)) or any(map(is_personal_number, runs))


def personal_number_sql(text: str) -> str:
    """A condition in SQL like holds_personal_number(), of an expression in its normal form; "@" counts too.

    Stricter with what stands between digits: any separator or dot may. Texts of few digits cost one look.
    """
    digits = f"length({text}) - length(translate({text}, '0123456789', ''))"
    built = "|".join(one.pattern for one in (_MOBILE, _ID_NUMBER, _BANK_CARD)) + r"|0[1-9]\d{9,10}"
    together = f"translate({text}, ' -.·_/()+', '')"
    return rf"strpos({text}, '@') > 0 OR {digits} >= 10 AND {together} ~ '(^|\D)(?:{built})($|\D)'"


def is_personal_number(digits: str) -> bool:
    """Whether digits are built like a Chinese mobile, an ID number or a bank card."""
    return any(pattern.fullmatch(digits) for pattern in (_MOBILE, _ID_NUMBER, _BANK_CARD))


def plain_form(text: str) -> str:
    """The text with plain digits and letters for wide, circled and foreign ones, without invisible signs."""
    if text.isascii():
        return text
    signs = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() else sign
        for sign in signs
        if unicodedata.category(sign) != "Cf"
    )


def shape(value: str) -> str:
    """What a value looks like without saying it: 1380000 is 9999999, 张三 is 文文; 24 signs at most."""
    signs = []
    for sign in value.strip()[:24]:
        if sign.isdigit():
            signs.append("9")
        elif sign.isascii() and sign.isprintable():
            signs.append("a" if sign.isalpha() else sign)
        else:
            signs.append("文" if unicodedata.category(sign).startswith("L") else "·")
    return "".join(signs)


_BY_TAIL = re.compile(r"([^\W\d_]*) ?([0-9]{4})")


def mask_term(text: str) -> str:
    """What somebody searched for, masked by what it looks like: 138****5678, a***@domain, 张*, 张* 5678."""
    plain = plain_form(text)
    if by_tail := _BY_TAIL.fullmatch(plain):  # digits that masks of mobiles show
        return f"{family_name(by_tail[1])}* {by_tail[2]}" if by_tail[1] else by_tail[2]
    if "@" in plain:
        return mask("email", plain)
    digits = re.sub(r"\D", "", plain)
    if len(digits) < 7:
        return mask("name", plain)
    return mask("mobile" if _MOBILE.fullmatch(digits) else "id_number", plain)


def _is_name(run: str) -> bool:
    return 2 <= len(run) <= 4 and (run[0] in _COMMON or run[:2] in COMPOUND)
