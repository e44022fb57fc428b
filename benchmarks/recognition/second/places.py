"""Where the people and firms of the second papers that judged live: real divisions (GB/T 2260), other ones than elsewhere."""

from typing import Final, NamedTuple


class Place(NamedTuple):
    """`province` is empty for a municipality; `tongue` is the second language of official papers there."""

    province: str
    city: str
    district: str
    code: str
    plate: str
    tongue: str = ""

    @property
    def short(self) -> str:
        """The city as firms name it: 佛山, 凉山."""
        for tail in ("朝鲜族自治州", "彝族自治州", "白族自治州", "土家族苗族自治州", "地区", "市"):
            if self.city.endswith(tail):
                return self.city.removesuffix(tail)
        return self.city

    @property
    def whole(self) -> str:
        return self.province + self.city + self.district

    @property
    def traffic_police(self) -> str:
        office = {"北京市": "公安局公安交通管理局", "上海市": "公安局交通警察总队", "重庆市": "公安局交通管理局",
                  "天津市": "公安局交通管理局"}  # fmt: skip
        return f"{self.province}{self.city}{office.get(self.city, '公安局交通警察支队')}"

    @property
    def police(self) -> str:
        """Who issues ID cards: a branch in a city's district, the office of a county-level city."""
        if self.district.endswith("市"):
            return f"{self.district}公安局"
        short = self.district if len(self.district) == 2 else self.district.removesuffix("新区").removesuffix("区")
        return f"{self.city}公安局{short}分局"

    @property
    def seat(self) -> str:
        """The district as offices and branches name it: 佛山市顺德区, 西昌市."""
        return self.district if self.district.endswith("市") else self.city + self.district


PLACES: Final = (
    Place("广东省", "佛山市", "顺德区", "440606", "粤E"), Place("浙江省", "宁波市", "鄞州区", "330212", "浙B"),
    Place("湖南省", "株洲市", "天元区", "430211", "湘B"), Place("河南省", "洛阳市", "涧西区", "410305", "豫C"),
    Place("安徽省", "芜湖市", "镜湖区", "340202", "皖B"), Place("陕西省", "咸阳市", "秦都区", "610402", "陕D"),
    Place("山西省", "大同市", "平城区", "140213", "晋B"), Place("黑龙江省", "大庆市", "萨尔图区", "230602", "黑E"),
    Place("山东省", "临沂市", "兰山区", "371302", "鲁Q"), Place("江苏省", "盐城市", "亭湖区", "320902", "苏J"),
    Place("海南省", "三亚市", "吉阳区", "460203", "琼B"), Place("", "重庆市", "渝北区", "500112", "渝D"),
    Place("", "天津市", "滨海新区", "120116", "津C"), Place("", "上海市", "浦东新区", "310115", "沪B"),
    Place("", "北京市", "大兴区", "110115", "京N"), Place("湖北省", "恩施土家族苗族自治州", "恩施市", "422801", "鄂Q"),
    Place("云南省", "大理白族自治州", "大理市", "532901", "云L"), Place("四川省", "凉山彝族自治州", "西昌市", "513401", "川W"),
)  # fmt: skip
BILINGUAL: Final = (
    Place("新疆维吾尔自治区", "喀什地区", "喀什市", "653101", "新Q", "uyghur"),
    Place("西藏自治区", "拉萨市", "城关区", "540102", "藏A", "tibetan"),
    Place("广西壮族自治区", "柳州市", "柳南区", "450204", "桂B", "zhuang"),
    Place("吉林省", "延边朝鲜族自治州", "延吉市", "222401", "吉H", "korean"),
)
EVERY: Final = (*PLACES, *BILINGUAL)
# Who lives there, besides the Han, and how their names are written in the second language.
NAMES: Final = {
    "uyghur": ("维吾尔", (("阿依古丽·买买提", "ئايگۈل مەمەت"), ("艾力·吐尔逊", "ئەلى تۇرسۇن"), ("努尔夏提·阿不都热依木", "نۇرشات ئابدۇرېھىم"),
                       ("热依拉·库尔班", "رەيلە قۇربان"), ("玉素甫·依明", "يۈسۈپ ئىمىن"))),
    "tibetan": ("藏", (("次仁卓玛", "ཚེ་རིང་སྒྲོལ་མ།"), ("扎西顿珠", "བཀྲ་ཤིས་དོན་གྲུབ།"), ("白玛央金", "པདྨ་དབྱངས་ཅན།"), ("旦增", "བསྟན་འཛིན།"))),
    "zhuang": ("壮", (("覃秀莲", ""), ("韦克强", ""), ("蓝振邦", ""), ("黄桂娥", ""))),
    "korean": ("朝鲜", (("金哲洙", "김철수"), ("朴美兰", "박미란"), ("崔光日", "최광일"), ("李顺姬", "리순희"))),
}  # fmt: skip
WOMEN: Final = ("阿依古丽·买买提", "热依拉·库尔班", "次仁卓玛", "白玛央金", "覃秀莲", "黄桂娥", "朴美兰", "李顺姬")
# Labels of ID cards there (name, sex, nation, birth, address, number), the state, the card; and the face.
WORDS: Final = {
    "uyghur": ("UKIJ Tuz", ("ئىسمى", "جىنسى", "مىللىتى", "تۇغۇلغان ۋاقتى", "ئادرېسى", "پۇقرالار كىملىك نومۇرى"),
               "جۇڭخۇا خەلق جۇمھۇرىيىتى", "ئاھالە كىملىكى"),
    "tibetan": ("Monlam Uni OuChan2", ("མིང་།", "ཕོ་མོ།", "མི་རིགས།", "སྐྱེས་ཚེས།", "སྡོད་གནས།", "སྤྱི་དམངས་ཐོབ་ཐང་ཨང་གྲངས།"),
                "ཀྲུང་ཧྭ་མི་དམངས་སྤྱི་མཐུན་རྒྱལ་ཁབ།", "གཞི་སྡོད་མི་དམངས་ཀྱི་ཐོབ་ཐང་ལག་ཁྱེར།"),
    "zhuang": ("Liberation Sans", ("Singqmingz", "Singqbied", "Minzcuz", "Ngoenzseng", "Dieg youq", "Gunghminz Sinhfwn Hauxmaj"),
               "Cunghvaz Yinzminz Gunghozgoz", "Gihminz Sinhfwncwng"),
    "korean": ("Noto Sans CJK KR", ("이름", "성별", "민족", "출생", "주소", "공민신분번호"), "중화인민공화국", "주민신분증"),
}  # fmt: skip
