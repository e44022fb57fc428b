"""Grammars: what a value of each sort looks like. A text that does not fit is no value; nothing is ever completed."""

import re
from collections.abc import Callable
from datetime import date

from carloan.lib import dates, money, plates, uscc, vin
from carloan.lib.text import fold

ETHNICITIES = frozenset(
    [
        "汉",
        "蒙古",
        "回",
        "藏",
        "维吾尔",
        "苗",
        "彝",
        "壮",
        "布依",
        "朝鲜",
        "满",
        "侗",
        "瑶",
        "白",
        "土家",
        "哈尼",
        "哈萨克",
        "傣",
        "黎",
        "傈僳",
        "佤",
        "畲",
        "高山",
        "拉祜",
        "水",
        "东乡",
        "纳西",
        "景颇",
        "柯尔克孜",
        "土",
        "达斡尔",
        "仫佬",
        "羌",
        "布朗",
        "撒拉",
        "毛南",
        "仡佬",
        "锡伯",
        "阿昌",
        "普米",
        "塔吉克",
        "怒",
        "乌孜别克",
        "俄罗斯",
        "鄂温克",
        "德昂",
        "保安",
        "裕固",
        "京",
        "塔塔尔",
        "独龙",
        "鄂伦春",
        "赫哲",
        "门巴",
        "珞巴",
        "基诺",
        "穿青人",
    ]
)
# The engine sometimes answers with the traditional form of what is printed.
VARIANTS = str.maketrans("漢滿蘇壯黎達錫東鄉納", "汉满苏壮黎达锡东乡纳")
_NO_CODE_LETTERS = str.maketrans("IOSVZ", "105U2")
_NO_LETTERS = str.maketrans("OI", "01")
# A code of a model has at least so many figures.
_LEAST_OF_CODE = 3
USES = (
    "非营运", "公路客运", "公交客运", "出租客运", "旅游客运", "租赁", "教练", "接送幼儿", "接送小学生", "校车",
    "货运", "危险货物运输",
    "警用", "消防", "救护", "工程救险", "营转非", "出租转非", "预约出租客运", "预约出租转非", "营运",
)  # fmt: skip
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{1,10}(?:·[\u3400-\u9fff]{1,15})*")
# Words of forms, warnings and sentences that a name's place can hold instead of a name.
_NO_NAME = re.compile(
    "姓名|性别|民族|中国|住址|日期|号码|编号|证件|身份|电话|地址|抵押|登记|借款|贷款|合同|本人|签字|签章|盖章|公司|银行"
    "|仅供|仅限|办理|核验|复印|无效|使用|样本|资料|提供|双方|机关|编码|车辆|发证|所有人|保险|单位|有限"
)
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z'.,-]*(?: [A-Za-z][A-Za-z'.,-]*){1,5}")
_ORGANISATION = re.compile(r"[\u3400-\u9fffA-Za-z0-9()（）·&\-、]{4,60}")
_ORGANISATION_END = re.compile(
    r"(公司|银行|支行|分行|厂|店|行|部|中心|局|所|院|学校|大学|社|会|处|站|经营部|合作社|事务所|集团|企业\(有限合伙\))$"
)
# Of a watermark or a stamp that runs through the name.
_STRAY_WORDS = re.compile("仅供|仅限|核验|复印|无效|样本|内部资料|专用章")
_BARE_ENDS = re.compile(r"(股份|责任)?有限公司|(汽车)?(销售|贸易|服务|销售服务)*有限(责任)?公司|银行|技术股份有限公司?")
_CAPITALS = re.compile(r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿萬億元圆圓角分整正貳參陸两]{2,}")
# An address ends with something one can ring at: below the county there must be more than the county.
_DETAIL = re.compile(
    r"(路|街|巷|村|号|室|组|道|弄|苑|园|区|栋|幢|楼|单元|社|屯|寨|镇|乡|里|厂|队|户|湾|庄|桥|坊|大厦|广场|城|\d)[^省市县]{0,12}$"
)
_PLACE = re.compile(
    r"(北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|"
    r"云南|西藏|陕西|甘肃|青海|宁夏|新疆|台湾|香港|澳门)"
)
_COUNTY_ONLY = re.compile(
    r"[\u4e00-\u9fff]{2,}?(省|自治区|市)([\u4e00-\u9fff]{1,9}?(市|州|盟|地区))?([\u4e00-\u9fff]{1,12}?(区|县|旗|市))?"
)


# What is read of specks beside a name; none begins or ends so.
_SPECKS = "：:.,、;·•・‧∙⋅-—–_~'\"|*"


def compact(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def person(text: str) -> str | None:
    """A person's name: two or more Han characters, or Latin words. One character alone is a name half hidden."""
    bare = compact(text).strip(_SPECKS)
    bare = re.sub("[•・‧∙⋅.]", "·", bare)
    if _HAN_NAME.fullmatch(bare) and len(bare) >= 2 and not _NO_NAME.search(bare):
        return bare
    spaced = fold(text)
    return spaced if _LATIN_NAME.fullmatch(spaced) else None


def organisation(text: str) -> str | None:
    """An organisation's name with its own part: 有限公司 alone is what is left of a hidden one."""
    bare = compact(text).replace("（", "(").replace("）", ")").strip(_SPECKS)
    if (
        _STRAY_WORDS.search(bare)
        or not _ORGANISATION.fullmatch(bare)
        or not _ORGANISATION_END.search(bare)
        or _BARE_ENDS.fullmatch(bare)
    ):
        return None
    return bare


def party(text: str) -> str | None:
    """A person or an organisation."""
    bare = compact(text)
    if organisation(bare):
        return organisation(bare)
    found = person(text)
    # Without the dot of a transcribed name, more than four Han characters are the rest of something else.
    return found if found and (len(found) <= 4 or "·" in found or found.isascii()) else None


def sex(text: str) -> str | None:
    match = re.match(r"[男女]", compact(text))
    return match[0] if match else None


def ethnicity(text: str) -> str | None:
    bare = compact(text).removesuffix("族").translate(VARIANTS)
    return bare if bare in ETHNICITIES else None


def day(text: str) -> str | None:
    """One date as ISO text; whatever stands around it makes it no date."""
    bare = compact(text).strip(".,、:·")
    # Specks beside 年, 月 and 日 are no part of a date; between digits a point may be one.
    bare = re.sub(r"(?<=[年月日])[.·]|[.·](?=[年月日])", "", bare)
    try:
        return dates.parse(bare).isoformat()
    except ValueError:
        return None


def period(text: str) -> tuple[str, str] | None:
    """From and to as ISO texts, the end possibly `long_term`. A length in years (10年) counts from the beginning."""
    # A speck over a point makes it a colon.
    bare = re.sub(r"(?<=\d)[:·](?=\d)", ".", compact(text))
    one = r"\d{4}[-./年]?\d{1,2}[-./月]?\d{1,2}日?"
    match = re.search(rf"({one})[-—–一~至到止]+({one}|长期)", bare)
    if match is None:
        return None
    start, end = day(match[1]), "long_term" if match[2] == "长期" else day(match[2])
    return (start, end) if start and end else None


def id_number(text: str) -> str | None:
    """18 characters in the form of a citizen's number; whether it is a good one is for the proof."""
    match = re.search(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])", compact(text))
    return match[0].upper() if match else None


def tax_number(text: str) -> str | None:
    """15 to 20 characters of a taxpayer: credit code, or the older numbers of 15 and 16."""
    bare = compact(text).upper()
    match = re.search(r"(?<![0-9A-Z])[0-9A-HJ-NP-RT-UW-Y]{15,20}(?![0-9A-Z])", bare)
    if match:
        return match[0] if sum(c.isdigit() for c in match[0]) >= 8 else None
    # No code has I, O, S, V or Z: where the check character proves it, the sign is the digit it looks like.
    loose = re.search(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])", bare)
    mended = loose[0].translate(_NO_CODE_LETTERS) if loose else ""
    return mended if mended and not uscc.problems(mended) else None


def buyer_number(text: str) -> str | None:
    return id_number(text) or tax_number(text)


def plate(text: str) -> str | None:
    """A plate as printed. Case is kept: a small letter on a plate is a fault somebody should see."""
    bare = re.sub(r"[\s·•.]", "", fold(text))
    if plates.kind(bare):
        return bare
    # No plate has the letters O and I behind its area; the engine saw them in 0 and 1.
    bare = bare[:2] + bare[2:].translate(str.maketrans("OI", "01"))
    return bare if plates.kind(bare) else None


def vin_number(text: str) -> str | None:
    """17 signs as printed. I, O and Q do not exist in a VIN: the engine took a 1 or 0 for them or the paper is bad."""
    bare = vin.normalise(text)
    match = re.search(r"(?<![0-9A-Z])[0-9A-Z]{17}(?![0-9A-Z])", bare)
    if not match or not re.search(r"[A-Z]", match[0]):
        return None
    # Where the check digit proves it, the sign that only looked like a forbidden letter is the digit.
    mended = match[0].translate(str.maketrans("OQI", "001"))
    return mended if mended != match[0] and not vin.problems(mended, check=True) else match[0]


def engine_number(text: str) -> str | None:
    bare = compact(text).upper().strip("*")
    if not vin.problems(bare, check=True):
        return None
    return bare if re.fullmatch(r"[0-9A-Z][0-9A-Z\-/]{4,19}", bare) and re.search(r"\d", bare) else None


def vehicle_type(text: str) -> str | None:
    bare = compact(text)
    match = re.fullmatch(
        r"[\u4e00-\u9fff]{0,8}(轿车|客车|货车|乘用车|挂车|摩托车|越野车|专用车|牵引车|作业车|面包车|三轮汽车|车)(\([^)]*\))?",
        bare,
    )
    return bare if match and len(bare) >= 2 and not _STRAY_WORDS.search(bare) else None


def is_part_of_another(value: str | int) -> bool:
    """Whether a word of a list is also the end or the beginning of another one (营运 of 非营运, 土 of 土家)."""
    return any(str(value) in other and value != other for other in (*USES, *ETHNICITIES))


def use_character(text: str) -> str | None:
    bare = compact(text)
    return next((use for use in USES if bare == use), None)


def model(text: str) -> str | None:
    """Make and model code. The code has no I and no O (GB/T 9417 avoids them): the engine saw them in 1 and 0. A name
    in letters (FORESTER) has them."""
    bare = compact(text).strip("·.-")
    match = re.fullmatch(r"([\u4e00-\u9fff()·]{0,24}牌)?([\u4e00-\u9fffA-Za-z0-9()/·.\-]{4,28})", bare)
    if not match or not re.search(r"[A-Z0-9][A-Za-z0-9()/.\-]{3,}$", match[2]):
        return None
    # A day, a plate and a vehicle's number are written with the same signs.
    if day(match[2]) or plates.kind(bare) or not vin.problems(match[2], check=True):
        return None
    code = re.sub(r"[A-Z0-9]{6,}", lambda part: _without_twins(part[0]), match[2])
    return (match[1] or "") + code


def _without_twins(run: str) -> str:
    return run.translate(_NO_LETTERS) if sum(map(str.isdigit, run)) >= _LEAST_OF_CODE else run


def address(text: str) -> str | None:
    """An address from its province, city or county on, down to more than the county."""
    bare = compact(text).strip(_SPECKS)
    return bare if len(bare) >= 6 and re.search(r"[省市区县州旗村镇乡路街]", bare) else None


def is_whole_address(text: str) -> bool:
    """False for what is left when the street is hidden: 河北省承德市."""
    return bool(_DETAIL.search(text)) and not _COUNTY_ONLY.fullmatch(text)


def begins_with_place(text: str) -> str | None:
    bare = compact(text)
    return bare if _PLACE.match(bare) and len(bare) >= 8 and "公安" not in bare else None


def amount(text: str) -> int | None:
    """One amount in minor units, with exactly two decimals or whole."""
    bare = re.sub(r"\s", "", fold(text)).strip("⊗()")
    match = re.search(r"[¥￥Y]?(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(?![\d.,])元?$", bare)
    if not match:
        return None
    try:
        return money.parse(match[1] + (match[2] or ""))
    except ValueError:
        return None


def amount_with_cents(text: str) -> int | None:
    return amount(text) if re.search(r"\.\d{2}元?$", re.sub(r"\s", "", text)) else None


def capitals(text: str) -> tuple[str, int] | None:
    """An amount in 大写 as printed, and its value."""
    for match in _CAPITALS.finditer(compact(text)):
        try:
            return match[0], money.from_capitals(match[0])
        except ValueError:
            continue
    return None


def digits(*lengths: int) -> Callable[[str], str | None]:
    """A grammar for a run of digits of these lengths, alone."""

    def grammar(text: str) -> str | None:
        bare = re.sub(r"^(No|NO|№|Nº)\.?", "", compact(text))
        return bare if bare.isascii() and bare.isdigit() and len(bare) in lengths else None

    return grammar


def card_number(text: str) -> str | None:
    bare = re.sub(r"[\s\-]", "", fold(text))
    return bare if bare.isascii() and bare.isdigit() and 13 <= len(bare) <= 19 else None


def code(text: str) -> str | None:
    """A number somebody gave to a contract: letters, digits, dashes, brackets, at least five with a digit."""
    bare = compact(text).rstrip("号。.")
    match = re.fullmatch(
        r"[\u4e00-\u9fff]{0,8}[A-Za-z0-9(\[〔【][A-Za-z0-9\-_/()\[\]〔〕【】第字号\u4e00-\u9fff]{3,38}", bare
    )
    return bare if match and re.search(r"\d{2}", bare) else None


def certificate(text: str) -> str | None:
    bare = compact(text).upper()
    return bare if re.fullmatch(r"[A-Z0-9]{10,20}", bare) and re.search(r"\d{4}", bare) else None


def licence_class(text: str) -> str | None:
    bare = compact(text).upper()
    return bare if re.fullmatch(r"(A1|A2|A3|B1|B2|C1|C2|C3|C4|C5|C6|D|E|F|M|N|P)+", bare) else None


def last_of_month(year: int, month: int) -> str:
    """The last day a paper "valid to a month" is valid."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1).isoformat()


def inspection_area(text: str) -> str | None:
    """The province letter of the inspection stamp: 检验有效期至2015年06月粤B(16)."""
    match = re.search(rf"有效期至\d{{4}}年\d{{1,2}}月([{plates.PROVINCES}])[A-Z]", compact(text))
    return match[1] if match else None
