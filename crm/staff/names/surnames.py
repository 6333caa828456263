"""Family names of two characters, after the Hundred Family Names and what is usual today."""

from __future__ import annotations

# Left out is what begins like a common name of one character and is rare itself (梁丘, 单于, 乐正): a mask
# that took it for a family name would show a character of the given name.
_NAMES = """
欧阳 上官 司马 诸葛 司徒 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 轩辕 端木
独孤 南宫 西门 呼延 赫连 澹台 申屠 太史 淳于 公冶 濮阳 万俟 闻人 太叔 鲜于 闾丘
司空 司寇 亓官 子车 颛孙 巫马 公西 漆雕 壤驷 公良 拓跋 夹谷 宰父 百里 东郭 南门
羊舌 微生 纳兰 完颜 第五 东门 钟离 即墨 哥舒 贺兰 耶律 达奚 仲孙 歐陽 司馬 諸葛
東方 尉遲 長孫 軒轅 獨孤 南宮 西門 赫連 澹臺 濮陽 聞人 鮮于 閭丘 納蘭 完顏 東門
鍾離 賀蘭 達奚 顓孫 巫馬 東郭 仲孫
"""
COMPOUND = frozenset(_NAMES.split())


def family_name(name: str) -> str:
    """What a name begins with: a family name of two characters where more follow, else the first one."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND else name[:1]
