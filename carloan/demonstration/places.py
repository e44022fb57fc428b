"""Provinces, cities and districts with their GB/T 2260 codes, and addresses made of them."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class District:
    """One district of a city. `code` is the six-digit division code; `plate` the two-character plate prefix."""

    province: str
    city: str
    name: str
    code: str
    plate: str

    @property
    def full_name(self) -> str:
        """As an identity card prints it: a municipality is named once."""
        return f"{self.city}{self.name}" if self.province == self.city else f"{self.province}{self.city}{self.name}"


# (province, city, plate prefix, weight, districts with codes)
_CITIES: tuple[tuple[str, str, str, int, tuple[tuple[str, str], ...]], ...] = (
    (
        "北京市",
        "北京市",
        "京N",
        5,
        (("朝阳区", "110105"), ("丰台区", "110106"), ("海淀区", "110108"), ("通州区", "110112")),
    ),
    (
        "上海市",
        "上海市",
        "沪A",
        5,
        (("徐汇区", "310104"), ("普陀区", "310107"), ("闵行区", "310112"), ("嘉定区", "310114")),
    ),
    ("天津市", "天津市", "津A", 3, (("和平区", "120101"), ("南开区", "120104"), ("西青区", "120111"))),
    (
        "重庆市",
        "重庆市",
        "渝A",
        5,
        (("渝中区", "500103"), ("江北区", "500105"), ("沙坪坝区", "500106"), ("渝北区", "500112")),
    ),
    ("河北省", "石家庄市", "冀A", 4, (("长安区", "130102"), ("桥西区", "130104"), ("裕华区", "130108"))),
    ("河北省", "保定市", "冀F", 3, (("竞秀区", "130602"), ("莲池区", "130606"), ("满城区", "130607"))),
    ("山西省", "太原市", "晋A", 3, (("小店区", "140105"), ("迎泽区", "140106"), ("万柏林区", "140109"))),
    ("辽宁省", "沈阳市", "辽A", 3, (("和平区", "210102"), ("沈河区", "210103"), ("铁西区", "210106"))),
    ("吉林省", "长春市", "吉A", 2, (("南关区", "220102"), ("朝阳区", "220104"), ("绿园区", "220106"))),
    ("黑龙江省", "哈尔滨市", "黑A", 2, (("道里区", "230102"), ("南岗区", "230103"), ("松北区", "230109"))),
    (
        "江苏省",
        "南京市",
        "苏A",
        8,
        (("玄武区", "320102"), ("秦淮区", "320104"), ("鼓楼区", "320106"), ("江宁区", "320115")),
    ),
    ("江苏省", "无锡市", "苏B", 5, (("锡山区", "320205"), ("惠山区", "320206"), ("滨湖区", "320211"))),
    (
        "江苏省",
        "苏州市",
        "苏E",
        8,
        (("虎丘区", "320505"), ("吴中区", "320506"), ("相城区", "320507"), ("姑苏区", "320508")),
    ),
    (
        "浙江省",
        "杭州市",
        "浙A",
        10,
        (("上城区", "330102"), ("西湖区", "330106"), ("滨江区", "330108"), ("萧山区", "330109")),
    ),
    (
        "浙江省",
        "宁波市",
        "浙B",
        7,
        (("海曙区", "330203"), ("江北区", "330205"), ("镇海区", "330211"), ("鄞州区", "330212")),
    ),
    ("浙江省", "温州市", "浙C", 4, (("鹿城区", "330302"), ("龙湾区", "330303"), ("瓯海区", "330304"))),
    ("安徽省", "合肥市", "皖A", 5, (("瑶海区", "340102"), ("庐阳区", "340103"), ("蜀山区", "340104"))),
    ("福建省", "福州市", "闽A", 3, (("鼓楼区", "350102"), ("台江区", "350103"), ("仓山区", "350104"))),
    ("福建省", "厦门市", "闽D", 3, (("思明区", "350203"), ("湖里区", "350206"), ("集美区", "350211"))),
    ("江西省", "南昌市", "赣A", 3, (("东湖区", "360102"), ("西湖区", "360103"), ("青山湖区", "360111"))),
    ("山东省", "济南市", "鲁A", 5, (("历下区", "370102"), ("市中区", "370103"), ("槐荫区", "370104"))),
    ("山东省", "青岛市", "鲁B", 5, (("市南区", "370202"), ("市北区", "370203"), ("崂山区", "370212"))),
    ("河南省", "郑州市", "豫A", 6, (("中原区", "410102"), ("二七区", "410103"), ("金水区", "410105"))),
    ("河南省", "洛阳市", "豫C", 3, (("西工区", "410303"), ("涧西区", "410305"), ("洛龙区", "410311"))),
    ("湖北省", "武汉市", "鄂A", 6, (("江岸区", "420102"), ("武昌区", "420106"), ("洪山区", "420111"))),
    ("湖南省", "长沙市", "湘A", 5, (("芙蓉区", "430102"), ("天心区", "430103"), ("岳麓区", "430104"))),
    (
        "广东省",
        "广州市",
        "粤A",
        8,
        (("荔湾区", "440103"), ("越秀区", "440104"), ("天河区", "440106"), ("番禺区", "440113")),
    ),
    (
        "广东省",
        "深圳市",
        "粤B",
        8,
        (("罗湖区", "440303"), ("南山区", "440305"), ("宝安区", "440306"), ("龙岗区", "440307")),
    ),
    ("广东省", "佛山市", "粤E", 5, (("禅城区", "440604"), ("南海区", "440605"), ("顺德区", "440606"))),
    (
        "四川省",
        "成都市",
        "川A",
        8,
        (("锦江区", "510104"), ("青羊区", "510105"), ("武侯区", "510107"), ("双流区", "510116")),
    ),
    ("陕西省", "西安市", "陕A", 5, (("碑林区", "610103"), ("雁塔区", "610113"), ("长安区", "610116"))),
)

_STREETS = (
    "人民路", "中山路", "解放路", "建设路", "和平路", "文化路", "新华路", "长江路", "黄河路", "学府路", "花园路",
    "东风路", "胜利路", "迎宾大道", "滨河路", "玉兰街", "青年街", "朝阳街", "明珠路", "翠竹路", "金桥路", "科技路",
    "育才街", "银杏路",
)  # fmt: skip
_ESTATES = (
    "锦绣花园", "阳光新城", "翡翠湾", "万和苑", "金色家园", "江南名府", "云溪小区", "书香名邸", "海棠公寓", "星河湾",
    "丽景苑", "盛世华庭", "桂花园", "望湖苑", "幸福里", "清水湾", "东方名城", "梧桐苑",
)  # fmt: skip

DISTRICTS: tuple[District, ...] = tuple(
    District(province, city, name, code, plate)
    for province, city, plate, _, districts in _CITIES
    for name, code in districts
)
_WEIGHTS = [weight / len(districts) for _, _, _, weight, districts in _CITIES for _ in districts]
PROVINCES: tuple[str, ...] = tuple(dict.fromkeys(province for province, *_ in _CITIES))


def district(random: Random) -> District:
    return random.choices(DISTRICTS, _WEIGHTS)[0]


def districts_of(city: str) -> tuple[District, ...]:
    return tuple(one for one in DISTRICTS if one.city == city)


def address(random: Random, where: District) -> str:
    """A street address in `where`, in one of the three ways identity cards print one."""
    street, estate = random.choice(_STREETS), random.choice(_ESTATES)
    house = random.randrange(1, 399)
    building, unit, room = (
        random.randrange(1, 29),
        random.randrange(1, 5),
        random.randrange(1, 19) * 100 + random.randrange(1, 5),
    )
    return where.full_name + random.choice(
        (
            f"{street}{house}号{estate}{building}幢{unit}单元{room}室",
            f"{street}{house}号{building}栋{room}室",
            f"{estate}{building}号楼{unit}单元{room}号",
        )
    )


def office(random: Random, where: District) -> str:
    """Where a company sits."""
    return f"{where.full_name}{random.choice(_STREETS)}{random.randrange(1, 999)}号"
