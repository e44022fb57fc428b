"""Where people and firms of this split live: real divisions (GB/T 2260), other ones than on any other paper."""

from typing import Final, NamedTuple


class Place(NamedTuple):
    """`province` is empty for a municipality. `nations` are the peoples whose names are common there."""

    province: str
    city: str
    district: str
    code: str
    plate: str
    nations: str = ""

    @property
    def whole(self) -> str:
        return self.province + self.city + self.district

    @property
    def short(self) -> str:
        """The city as firms name it: 南通, 湘西."""
        tails = ("土家族苗族自治州", "蒙古族藏族自治州", "哈萨克自治州", "回族自治州", "傣族自治州", "市")
        return next((self.city.removesuffix(tail) for tail in tails if self.city.endswith(tail)), self.city)

    @property
    def seat(self) -> str:
        """The district as its offices name it: 南通市崇川区, 景洪市."""
        return self.district if self.district.endswith("市") else self.city + self.district

    @property
    def police(self) -> str:
        """Who issues identity cards there."""
        if self.district.endswith("市"):
            return f"{self.district}公安局"
        return f"{self.city}公安局{self.district.removesuffix('区') if len(self.district) > 2 else self.district}分局"

    @property
    def traffic_police(self) -> str:
        office = {"北京市": "公安局公安交通管理局", "上海市": "公安局交通警察总队", "重庆市": "公安局交通管理局",
                  "天津市": "公安局交通管理局"}  # fmt: skip
        return f"{self.province}{self.city}{office.get(self.city, '公安局交通警察支队')}"


PLACES: Final = (
    Place("河北省", "邯郸市", "丛台区", "130403", "冀D"), Place("山西省", "运城市", "盐湖区", "140802", "晋M"),
    Place("内蒙古自治区", "鄂尔多斯市", "康巴什区", "150603", "蒙K", "蒙古"), Place("内蒙古自治区", "呼伦贝尔市", "海拉尔区", "150702", "蒙E", "蒙古"),
    Place("辽宁省", "鞍山市", "铁东区", "210302", "辽C"), Place("吉林省", "吉林市", "船营区", "220204", "吉B"),
    Place("黑龙江省", "齐齐哈尔市", "龙沙区", "230202", "黑B"), Place("江苏省", "南通市", "崇川区", "320613", "苏F"),
    Place("浙江省", "嘉兴市", "南湖区", "330402", "浙F"), Place("安徽省", "阜阳市", "颍州区", "341202", "皖K"),
    Place("福建省", "漳州市", "芗城区", "350602", "闽E"), Place("江西省", "上饶市", "信州区", "361102", "赣E"),
    Place("山东省", "潍坊市", "奎文区", "370705", "鲁G"), Place("河南省", "南阳市", "宛城区", "411302", "豫R"),
    Place("湖北省", "宜昌市", "西陵区", "420502", "鄂E"), Place("湖南省", "衡阳市", "蒸湘区", "430408", "湘D"),
    Place("广东省", "惠州市", "惠城区", "441302", "粤L"), Place("广东省", "湛江市", "霞山区", "440803", "粤G"),
    Place("广西壮族自治区", "桂林市", "象山区", "450304", "桂C", "壮"), Place("四川省", "宜宾市", "翠屏区", "511502", "川Q"),
    Place("贵州省", "遵义市", "汇川区", "520303", "贵C"), Place("陕西省", "榆林市", "榆阳区", "610802", "陕K"),
    Place("", "重庆市", "万州区", "500101", "渝F"), Place("", "上海市", "松江区", "310117", "沪C"),
    Place("", "北京市", "顺义区", "110113", "京Q"), Place("", "天津市", "河东区", "120102", "津K"),
    Place("云南省", "西双版纳傣族自治州", "景洪市", "532801", "云K", "傣"), Place("湖南省", "湘西土家族苗族自治州", "吉首市", "433101", "湘U", "苗"),
    Place("甘肃省", "临夏回族自治州", "临夏市", "622901", "甘N", "回"), Place("青海省", "海西蒙古族藏族自治州", "格尔木市", "632801", "青H", "藏"),
    Place("新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁市", "654002", "新F", "哈萨克"),
)  # fmt: skip
# Names of peoples that do not name themselves as the Han do: men, then women.
NAMES: Final = {
    "蒙古": (("巴特尔", "苏日格其其格", "敖其尔巴图", "那顺孟和"), ("乌云其木格", "萨仁高娃", "娜仁托雅")),
    "傣": (("岩温罕", "刀建民", "岩香叫"), ("玉罕娇", "玉波的", "依香娜")),
    "藏": (("多杰才让", "洛桑旦巴", "仁青东智"), ("拉毛措", "格桑德吉", "卓玛草")),
    "哈萨克": (("叶尔兰·赛力克", "木拉提别克·卡孜木汗", "哈那提·巴合提亚尔"), ("古丽加玛丽·努尔哈孜", "阿依努尔·达吾提汗", "萨吾列·托列根")),
    "回": (("马哈三", "马木沙", "妥文辉"), ("马阿西也", "祁玛丽叶")),
    "苗": (("龙老岩", "石金保", "麻文远"), ("龙阿彩", "吴喜翠")),
    "壮": (("莫汉卿", "农廷佳", "韦特恩"), ("农彩霞", "陆娅妹")),
}  # fmt: skip
# Further peoples by the share in which their members have names like the Han.
NATIONS: Final = ("汉",) * 14 + ("满", "回", "土家", "苗", "仡佬", "锡伯", "撒拉", "鄂温克", "仫佬", "布朗")
