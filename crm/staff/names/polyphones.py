"""Characters of names that are read in several ways, all of them usual.

After the readings that occur in the phrases of pypinyin's dictionary, and what names add: 茜 is xi in most.
Without tones; ü is v. By the simplified form; what is not here is read as pypinyin reads it.
"""

from __future__ import annotations

from crm.runtime.text.search_key import simplified

_READINGS = """
阿 a e
柏 bai bo
薄 bo bao
暴 bao pu
参 shen can
泊 bo po
卜 bu bo
堡 bao bu pu
蚌 bang beng
辟 bi pi
秘 mi bi
便 bian pian
偲 si cai
藏 cang zang
曾 zeng ceng
禅 chan shan
长 chang zhang
玚 yang chang
裳 chang shang
朝 chao zhao
绰 chuo chao
称 cheng chen
乘 cheng sheng
澄 cheng deng
盛 sheng cheng
晟 sheng cheng
铛 dang cheng
重 zhong chong
种 zhong chong
畜 chu xu
传 chuan zhuan
枞 cong zong
澹 dan tan
翟 zhai di
调 diao tiao
町 ting ding
侗 dong tong
洞 dong tong
峒 dong tong
都 du dou
蕃 fan bo
繁 fan po
费 fei bi
佛 fo fu
宓 mi fu
否 fou pi
盖 gai ge
镐 hao gao
暠 hao gao
鹄 hu gu
纶 lun guan
莞 guan wan
龟 gui qiu jun
炅 jiong gui
还 huan hai
行 xing hang heng
珩 heng hang
巷 xiang hang
黑 hei he
虹 hong jiang
浒 hu xu
郇 xun huan
嬛 huan xuan
珲 hun hui
稽 ji qi
缉 ji qi
伽 jia qie ga
茄 jia qie
槛 kan jian
降 jiang xiang
角 jiao jue
觉 jue jiao
校 xiao jiao
桔 ju jie
芥 jie gai
颉 jie xie
解 jie xie
劲 jin jing
靓 liang jing
瞿 qu ju
隽 jun juan
浚 jun xun
卡 ka qia
隗 wei kui
络 luo lao
乐 le yue
勒 le lei
栎 li yue
六 liu lu
碌 lu liu
泷 long shuang
弄 nong long
率 lv shuai
漯 luo ta
脉 mai mo
蔓 man wan
芒 mang wang
糜 mi mei
缪 miao mou miu
摩 mo ma
模 mo mu
牟 mou mu
那 na nuo
娜 na nuo
能 neng nai
朴 pu piao po
埔 pu bu
瀑 pu bao
栖 qi xi
蹊 qi xi
俟 si qi
茜 qian xi
荨 qian xun
纤 xian qian
乾 qian gan
覃 qin tan
仇 chou qiu
区 qu ou
券 quan xuan
雀 que qiao
婼 ruo chuo
莎 sha suo
厦 xia sha
杉 shan sha
召 zhao shao
折 zhe she
歙 she xi
拾 shi she
莘 xin shen
谌 chen shen
什 shi shen
省 sheng xing
峙 zhi shi
殖 zhi shi
宿 su xiu
拓 tuo ta
沓 ta da
倘 tang chang
瑱 tian zhen
宛 wan yuan
尉 wei yu
蔚 wei yu
於 yu wu
洗 xi xian
郗 xi chi
翛 xiao shu
邪 xie ye
血 xue xie
殷 yin yan
钥 yue yao
员 yuan yun
柚 you zhou
仔 zai zi
择 ze zhai
奘 zang zhuang
查 cha zha
著 zhu zhuo
琢 zhuo zuo
柞 zha zuo
"""
OTHER = {line[0]: tuple(line.split()[1:]) for line in _READINGS.split("\n") if line}


def other_readings(character: str) -> tuple[str, ...]:
    """Readings without tones that a character may have in a name; none where pypinyin's only one is usual."""
    return OTHER.get(character) or OTHER.get(simplified(character), ())
