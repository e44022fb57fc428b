"""What the registers of a lender of the demonstration hold: risks, rule changes, courses, assessments, processors."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class RiskPlan:
    """A risk, its grades when it was entered, and what later looks found: (probability, loss, words, closed)."""

    title: str
    description: str
    measures: str
    grades: tuple[int, int]
    owner: str
    reviews: tuple[tuple[int, int, str, bool], ...] = ()


RISKS = (
    RiskPlan(
        title="客户资料被批量导出后外传",
        description="持有导出权限的员工将含个人信息的清单带出本机构。",
        measures="明文导出须双人；导出文件带编号清单；每日异常监测；季度权限复核。",
        grades=(3, 4),
        owner="compliance",
        reviews=((2, 4, "双人导出上线后复评：可能性下降，损失不变。", False),),
    ),
    RiskPlan(
        title="结清后登记证书原件找不到",
        description="档案室与分支机构之间交接无记录，客户无法及时办理解押。",
        measures="原件出入库逐件登记；每季度抽盘一成。",
        grades=(2, 3),
        owner="archivist",
        reviews=((2, 3, "本季度抽盘未发现缺件，维持原评级。", False),),
    ),
    RiskPlan(
        title="识别结果未经人工复核即入档",
        description="低清晰度照片识别出错，错误的证件号码进入台账。",
        measures="低于阈值一律转人工；每月抽检识别结果。",
        grades=(3, 2),
        owner="officer",
    ),
    RiskPlan(
        title="外包催收人员越权联系无关第三人",
        description="联系了未列为联系人的亲友，引发投诉。",
        measures="受托处理者按季检查；联系登记与录音抽听；违规一票否决。",
        grades=(3, 3),
        owner="collector",
    ),
    RiskPlan(
        title="到期档案未及时销毁",
        description="超期保存个人信息，违反最短必要期限的要求。",
        measures="到期自动列入待鉴定清单；每半年组织一次鉴定。",
        grades=(2, 2),
        owner="archivist",
    ),
    RiskPlan(
        title="时间戳服务中断",
        description="外部时间戳机构不可用，当日账本无法取得时间戳。",
        measures="双机构备份；中断超过四十八小时在证书中如实载明。",
        grades=(1, 2),
        owner="compliance",
        reviews=((1, 1, "已接入第二家时间戳机构，风险关闭。", True),),
    ),
)


@dataclass(frozen=True, kw_only=True)
class RulePlan:
    """A rule change that counts in so many days, and how far it has been taken."""

    title: str
    citation: str
    in_days: int
    stage: str
    touches: tuple[str, ...] = ()
    decision: str = ""


RULES = (
    RulePlan(
        title="《反洗钱法》（2024 年修订）",
        citation="第三十四条：客户身份资料和交易记录至少保存十年",
        in_days=-330,
        stage="done",
        touches=("retention",),
        decision="保管期限策略中身份资料与交易记录一律按十年下限执行，已发布。",
    ),
    RulePlan(
        title="《个人信息保护合规审计管理办法》",
        citation="国家互联网信息办公室令第 18 号",
        in_days=45,
        stage="decided",
        touches=("masking", "roles"),
        decision="由合规部门每两年组织一次合规审计，首次审计前完成脱敏策略与权限矩阵自查。",
    ),
    RulePlan(
        title="《银行保险机构数据安全管理办法》配套细则",
        citation="数据分类分级与访问控制",
        in_days=75,
        stage="read",
    ),
    RulePlan(title="机动车登记服务便利化新措施", citation="抵押登记网上办理范围扩大", in_days=20, stage="entered"),
    RulePlan(title="下一年度节假日安排", citation="国务院办公厅通知", in_days=31, stage="entered"),
)


@dataclass(frozen=True, kw_only=True)
class CoursePlan:
    """A course with results: (whose exam, how many days ago, points). `gate` is the right that waits for it."""

    code: str
    title: str
    pass_mark: int
    valid_months: int
    results: tuple[tuple[str, int, int], ...]
    gate: str = ""


COURSES = (
    CoursePlan(
        code="privacy",
        title="个人信息保护基础",
        pass_mark=80,
        valid_months=12,
        results=(("officer", 40, 92), ("archivist", 40, 88), ("collector", 38, 74), ("collector", 20, 85),
                 ("service", 400, 90), ("release_officer", 36, 81)),
    ),
    CoursePlan(
        code="destruction",
        title="档案鉴定与监销",
        pass_mark=85,
        valid_months=24,
        results=(("officer", 60, 90), ("archivist", 60, 96), ("archivist.2", 60, 91), ("compliance.2", 58, 88),
                 ("compliance.3", 58, 87)),
        gate="destruction.witness",
    ),
    CoursePlan(
        code="collection",
        title="催收行为规范",
        pass_mark=90,
        valid_months=12,
        results=(("collector", 15, 93),),
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AssessmentPlan:
    """An impact assessment and how far it has come: draft, waiting, signed, or continued in a new version."""

    title: str
    occasion: str
    risk: str
    stage: str
    sections: Mapping[str, str] = field(default_factory=dict)


ASSESSMENTS = (
    AssessmentPlan(
        title="车辆定位用于失联处置",
        occasion="sensitive",
        risk="medium",
        stage="signed",
        sections={
            "activity": "逾期九十日以上且无法联系借款人时，读取车载终端当前位置，由两名外访人员处置；平时不读取轨迹。",
            "kinds": "车辆实时位置（行踪轨迹，敏感个人信息），涉及借款人及日常使用车辆的家属。",
            "lawfulness": "以借款人单独同意为前提，目的限于保全抵押物；不以位置推断生活习惯，符合最小必要。",
            "impact": "可能暴露住所与出行规律；误用于日常监控将严重影响个人权益。",
            "measures": "双人申请、事由必填、每次查询留痕；位置在结案后三十日内删除；不向催收外包机构提供。",
            "conclusion": "在上述措施下剩余风险为中，可以实施；一年后复评。",
        },
    ),
    AssessmentPlan(
        title="贷款申请自动评分",
        occasion="automated",
        risk="medium",
        stage="waiting",
        sections={
            "activity": "对申请资料按规则评分，作为审批人参考，不自动拒绝。",
            "kinds": "收入、负债、车辆信息与征信查询结果；申请人及共同借款人。",
            "lawfulness": "为订立合同所必需；评分规则公开，不使用种族、健康等信息。",
            "impact": "评分偏低可能影响利率；规则偏差可能造成差别待遇。",
            "measures": "保留人工复核通道；规则变更留痕；每季度检查各组通过率差异。",
            "conclusion": "剩余风险为中，提请第二人签署。",
        },
    ),
    AssessmentPlan(
        title="委托短信与语音通知",
        occasion="entrusted",
        risk="low",
        stage="renewed",
        sections={
            "activity": "委托服务商发送还款提醒与法定通知。",
            "kinds": "手机号码、姓氏、应还日期；不含证件号码。",
            "lawfulness": "履行合同所必需，委托合同载明目的、期限与方式。",
            "impact": "号码泄露可能招致诈骗短信。",
            "measures": "号码加密传输；服务商七日内删除发送记录；按季监督检查。",
            "conclusion": "剩余风险为低，可以实施。",
        },
    ),
    AssessmentPlan(
        title="远程视频面签",
        occasion="sensitive",
        risk="",
        stage="draft",
        sections={"activity": "异地客户通过视频完成面签与人脸核验。", "kinds": "人脸图像、声音；借款人与担保人。"},
    ),
)


@dataclass(frozen=True, kw_only=True)
class ProcessorPlan:
    """A contract by days around today, with looks (days ago, finding, words), and how it ended if it did."""

    name: str
    contract: str
    purpose: str
    manner: str
    kinds: str
    measures: str
    duties: str
    starts: int
    ends: int
    looks: tuple[tuple[int, str, str], ...] = ()
    ended: int | None = None
    fate: str = ""
    evidence: str = ""


_DUTIES = "未经书面同意不得转委托；发生泄露二十四小时内通知；合同终止后十日内返还或者删除。"
PROCESSORS = (
    ProcessorPlan(
        name="杭州讯达信息技术有限公司",
        contract="WT-2025-011",
        purpose="发送还款提醒与法定通知",
        manner="接口传输，按批次发送，回执保存七日",
        kinds="手机号码、姓氏、应还日期",
        measures="专线加密；账号实名；发送日志可查",
        duties=_DUTIES,
        starts=-300,
        ends=65,
        looks=((95, "good", "抽查三个月发送日志，均按约定删除。"), (12, "good", "现场检查机房与账号，未见异常。")),
    ),
    ProcessorPlan(
        name="浙江恒档数字科技有限公司",
        contract="WT-2025-017",
        purpose="历史纸质档案数字化加工",
        manner="驻场加工，数据不出库房",
        kinds="身份证件、合同、登记证书影像",
        measures="驻场封闭作业；禁带手机；逐页核对",
        duties=_DUTIES,
        starts=-200,
        ends=20,
        looks=((30, "faults", "两台加工终端未关闭外接端口，已限期整改并复查通过。"),),
    ),
    ProcessorPlan(
        name="上海安信催收服务有限公司",
        contract="WT-2024-006",
        purpose="九十日以上逾期的电话提醒",
        manner="派案清单加密传输，按日回传结果",
        kinds="姓名、手机号码、逾期金额",
        measures="录音全量保存；号码掩码拨打",
        duties=_DUTIES,
        starts=-500,
        ends=-20,
        looks=((160, "grave", "抽听发现联系无关第三人，责令整改并暂停派案。"),),
        ended=-20,
    ),
    ProcessorPlan(
        name="宁波东仓档案仓储有限公司",
        contract="WT-2023-002",
        purpose="纸质档案异地仓储",
        manner="整箱封存，凭双人授权调阅",
        kinds="已结清贷款的纸质档案",
        measures="恒温库房；视频监控九十日",
        duties=_DUTIES,
        starts=-900,
        ends=-60,
        ended=-60,
        fate="returned",
        evidence="移交清单 YJ-0417，双方签章",
    ),
)
