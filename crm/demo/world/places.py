"""Where members live, and which relationship manager looks after whom. Names of places in both languages."""

from __future__ import annotations

# City: (districts, weight, team). Heavier where wealth platforms have their clients; assumed.
# Without a team of its own (None) the teams take turns.
EAST, NORTH, SOUTH = range(3)
CITIES: dict[str, tuple[str, int, int | None]] = {
    "上海 Shanghai": ("浦东新区 徐汇区 静安区 闵行区 杨浦区", 18, EAST),
    "北京 Beijing": ("朝阳区 海淀区 西城区 丰台区 东城区", 16, NORTH),
    "深圳 Shenzhen": ("南山区 福田区 宝安区 罗湖区", 13, SOUTH),
    "广州 Guangzhou": ("天河区 越秀区 番禺区 海珠区", 9, SOUTH),
    "杭州 Hangzhou": ("西湖区 滨江区 余杭区 拱墅区", 9, EAST),
    "成都 Chengdu": ("高新区 锦江区 武侯区 青羊区", 6, None),
    "南京 Nanjing": ("鼓楼区 建邺区 玄武区", 5, EAST),
    "苏州 Suzhou": ("工业园区 姑苏区 吴中区", 5, EAST),
    "武汉 Wuhan": ("武昌区 洪山区 江汉区", 4, None),
    "天津 Tianjin": ("南开区 和平区 河西区", 3, NORTH),
    "重庆 Chongqing": ("渝中区 江北区 渝北区", 3, None),
    "西安 Xi'an": ("雁塔区 碑林区 未央区", 3, NORTH),
    "宁波 Ningbo": ("鄞州区 海曙区", 2, EAST),
    "青岛 Qingdao": ("市南区 崂山区", 2, NORTH),
    "厦门 Xiamen": ("思明区 湖里区", 2, SOUTH),
    "长沙 Changsha": ("岳麓区 芙蓉区", 2, SOUTH),
    "郑州 Zhengzhou": ("金水区 郑东新区", 2, NORTH),
    "佛山 Foshan": ("禅城区 顺德区", 2, SOUTH),
}
ROADS = ("示例云杉路", "示例长青街", "示例望湖路", "示例知春巷", "示例青禾大道", "示例松柏路", "示例明月街")

MANAGERS = (0, 0, 0, 1, 1, 1, 2, 2)  # team of each relationship manager
COMPLAINT_OWNERS = ("service1", "service2")  # usernames
ON_LEAVE = 4  # the manager of the story


def manager_of(member_id: str, city: str) -> int:
    """Place in MANAGERS of whoever looks after a member, if anybody does. `member_id` ends in a number."""
    number = int(member_id[1:])
    team = CITIES[city][2]
    if team is None:
        team = number % 3
    places = [place for place, of in enumerate(MANAGERS) if of == team]
    return places[number // 3 % len(places)]
