"""Events, kinds and reasons in words: Chinese first, English second."""

from __future__ import annotations

from alerts.reasons import Reason
from contracts.records import IncidentEventKind, SignalKind, Tier

Words = tuple[str, str]

TIERS: dict[Tier, Words] = {
    Tier.BLUE: ("蓝", "BLUE"),
    Tier.YELLOW: ("黄", "YELLOW"),
    Tier.ORANGE: ("橙", "ORANGE"),
    Tier.RED: ("红", "RED"),
}

EVENTS: dict[IncidentEventKind, Words] = {
    IncidentEventKind.OPENED: ("开启", "opened"),
    IncidentEventKind.PROMOTED: ("升级", "promoted"),
    IncidentEventKind.DEMOTED: ("降级", "demoted"),
    IncidentEventKind.ACKNOWLEDGED: ("已接手", "acknowledged"),
    IncidentEventKind.SILENCED: ("已静默", "silenced"),
    IncidentEventKind.MUTED: ("已屏蔽", "muted"),
    IncidentEventKind.STALE: ("数据中断", "stale"),
    IncidentEventKind.PLAN_STARTED: ("预案启动", "plan started"),
    IncidentEventKind.TASK_DONE: ("任务完成", "task done"),
    IncidentEventKind.ESCALATED: ("已上报", "escalated"),
    IncidentEventKind.RESOLVED: ("解除", "resolved"),
    IncidentEventKind.REOPENED: ("重新开启", "reopened"),
}

KINDS: dict[SignalKind, Words] = {
    SignalKind.VOLUME_SPIKE: ("声量激增", "volume spike"),
    SignalKind.VOLUME_RAMP: ("声量持续上升", "volume ramp"),
    SignalKind.VOLUME_SILENCE: ("声量骤静", "volume silence"),
    SignalKind.SENTIMENT_SHIFT: ("负面占比上升", "sentiment shift"),
    SignalKind.EMOTION_RED: ("情绪高温", "heated emotion"),
    SignalKind.TOPIC_EMERGING: ("新话题出现", "emerging topic"),
    SignalKind.VOICE_WEIGHTY: ("重要发声", "weighty voice"),
    SignalKind.REPEAT: ("重复投诉", "repeated complaint"),
    SignalKind.CASE_LIGHT: ("会话亮灯", "case light"),
    SignalKind.CASE_LATE: ("投诉超时", "cases late"),
    SignalKind.FORECAST: ("预测超限", "forecast over limit"),
    SignalKind.SOURCE_DOWN: ("数据源中断", "source down"),
    SignalKind.SOURCE_CHANGE: ("数据源变化", "source change"),
}

MEASURED: dict[SignalKind, Words] = {
    SignalKind.VOICE_WEIGHTY: ("触达", "reach"),
    SignalKind.FORECAST: ("预计", "forecast"),
}
"""What the observed number measures, where it is not voices or a share."""

UNITS: dict[SignalKind, Words] = {
    SignalKind.REPEAT: ("次", "times"),
    SignalKind.CASE_LATE: ("件", "cases"),
}
"""What the observed number counts, where it is not voices."""

AGAINST: dict[SignalKind, Words] = {
    SignalKind.CASE_LIGHT: ("此前", "before"),
    SignalKind.VOICE_WEIGHTY: ("界限", "limit"),
    SignalKind.FORECAST: ("处理能力", "capacity"),
}
"""What stands against the observed number, where it is not what was expected."""
EXPECTED: Words = ("预期", "expected")
COUNTED = (SignalKind.REPEAT, SignalKind.CASE_LIGHT, SignalKind.CASE_LATE)
"""Kinds that are counted from nothing: against 0 nothing is said."""

REASONS: dict[Reason, Words] = {
    Reason.THRESHOLD: ("达到规则阈值", "reached a step of its rule"),
    Reason.POSITIVE: ("以好评为主，最高蓝级", "mostly praise, at most blue"),
    Reason.CAPPED: ("超过阈值，但按规定封顶", "beyond its threshold, held down by a cap"),
    Reason.CALMED: ("保持期内未再达到原级别", "the higher tier was not seen for the whole hold"),
    Reason.QUIET: ("静默期内无新信号", "nothing seen for the whole quiet time"),
    Reason.SOURCE_DOWN: ("数据源中断，安静不代表平息", "a source is down, so silence means nothing"),
    Reason.BY_PERSON: ("人工操作", "by a person's command"),
    Reason.PLANNED: ("符合预案启动条件", "the plan says that it starts by itself"),
    Reason.OVERDUE: ("预案任务或时限超时", "a task or clock of the plan ran out"),
    Reason.SILENCED: ("静默期间，不通知", "silenced, nobody is told"),
    Reason.CALENDAR: ("静音日历时段，不通知", "muted by a calendar, nobody is told"),
    Reason.WIDER: ("由品牌级事件统一通知", "the incident of the whole brand speaks for it"),
    Reason.UNTOLD: ("从未通知过，不再通知结束", "nobody was told of it, so nobody is told of its end"),
    Reason.ANSWERED: ("迟办投诉已全部答复", "the last of the late cases was answered"),
    Reason.NOW_TOLD: ("静默已结束，情况依旧", "it was held back and is still true"),
    Reason.RAISED: ("达到规则阈值，并按条件提级", "reached a step of its rule, and a condition lifts it"),
    Reason.COMBINED: ("多种信号同时出现", "several kinds of signals came together"),
    Reason.SILENCE_ENDS: ("静默即将到期", "a silence is about to end"),
    Reason.HANDED_OVER: ("已移交", "handed over"),
    Reason.UNACKNOWLEDGED: ("限时内无人接手", "nobody has taken it on in time"),
    Reason.REMINDER: ("仍无人接手，再次提醒", "still nobody has taken it on"),
    Reason.WARMING: ("检测器仍在学习", "the detector is still learning"),
    Reason.STALE: ("序列数据已中断", "the series has no living source"),
    Reason.NO_RULE: ("没有适用规则", "no rule covers it"),
    Reason.IGNORED: ("规则明确忽略", "a rule ignores it on purpose"),
    Reason.BELOW: ("未达到任何级别", "reached no step of its rule"),
    Reason.HISTORY: ("属于历史数据", "lies in imported history"),
    Reason.SAME_TIER: ("事件已在同级或更高级别", "the incident is as high already"),
    Reason.REFRACTORY: ("刚解除，暂不重开", "too soon after the end"),
    Reason.RESENT: ("重复记录", "sent again"),
    Reason.UNKNOWN_INCIDENT: ("没有这个未结事件", "names no open incident"),
    Reason.BAD_ARGUMENT: ("命令参数有误", "a command's argument is wrong"),
    Reason.UNKNOWN_SETTING: ("没有这条生效的参数改动", "names no moved limits in force"),
    Reason.UNKNOWN_SILENCE: ("没有这条生效的静默", "names no silence in force"),
    Reason.NOT_IN_FORCE: ("该命令尚未生效", "a command that has no effect here"),
}

DIMENSIONS: dict[str, Words] = {
    "channel": ("渠道", "channel"),
    "category": ("类别", "category"),
    "region": ("地区", "region"),
    "author_class": ("发声者", "author class"),
    "product": ("产品", "product"),
    "source": ("数据源", "source"),
    "stage": ("环节", "stage"),
    "emotion": ("情绪", "emotion"),
    "matter": ("事由", "matter"),
    "department": ("部门", "department"),
    "clock": ("时限", "deadline"),
    "brand": ("品牌", "brand"),
}

NAMES: dict[str, dict[str, Words]] = {
    "category": {
        "quality": ("质量", "quality"),
        "attitude": ("服务态度", "attitude"),
        "after-sale": ("售后", "after-sale"),
        "price": ("价格", "price"),
        "logistics": ("物流", "logistics"),
        "policy": ("规则政策", "policy"),
        "privacy-leak": ("隐私泄露", "privacy leak"),
        "safety": ("安全", "safety"),
        "fraud": ("欺诈", "fraud"),
        "rights": ("权益", "rights"),
    },
    "stage": {
        "pre-sale": ("售前", "pre-sale"),
        "delivery": ("配送", "delivery"),
        "after-sale": ("售后", "after-sale"),
    },
    "emotion": {
        "anger": ("愤怒", "anger"),
        "anxiety": ("焦虑", "anxiety"),
        "disappointment": ("失望", "disappointment"),
        "sadness": ("悲伤", "sadness"),
        "joy": ("喜悦", "joy"),
        "gratitude": ("感激", "gratitude"),
        "none": ("平静", "none"),
    },
}
"""Values of dimensions that Fenghuo itself gives; a category of one's own is named in ``taxonomy.yaml``."""

LABELS: dict[str, Words] = {
    "topic": ("话题", "topic"),
    "why": ("分量来自", "weight by"),
    "by": ("反复出现的是", "again and again"),
    "light": ("亮灯原因", "light by"),
    "grade": ("严重程度", "how grave"),
    "chance": ("概率", "chance"),
    "deadline": ("时限", "deadline"),
    "case_grade": ("最重的案件", "gravest case"),
    "capacity": ("处理能力", "capacity"),
    "expected_at": ("预计时间", "expected at"),
    "announced": ("已公告事件", "announced event"),
}
"""Labels of a signal that people are shown; the others are for rules."""

VALUES: dict[tuple[str, str], Words] = {
    ("by", "author"): ("同一投诉人", "one complainant"),
    ("by", "case"): ("同一案件", "one case"),
    ("why", "reach"): ("触达人数", "its reach"),
    ("why", "state_media"): ("官方媒体", "state media"),
    ("why", "regulator"): ("监管部门", "a regulator"),
    ("why", "large_account"): ("大号", "a large account"),
    ("light", "burdens"): ("接连受阻", "burdens in a row"),
    ("light", "heat"): ("情绪骤升", "heat that jumped"),
    ("light", "threat"): ("威胁", "a threat"),
    ("light", "danger"): ("人身危险", "danger to life"),
    ("grade", "minor"): ("轻微", "minor"),
    ("grade", "moderate"): ("一般", "moderate"),
    ("grade", "serious"): ("严重", "serious"),
    ("grade", "critical"): ("重大", "critical"),
}
"""Values of labels that have words of their own."""


def both(words: Words) -> str:
    """Both languages.

    >>> both(KINDS[SignalKind.VOLUME_SPIKE])
    '声量激增 volume spike'
    """
    return " ".join(words)


def dimension(name: str) -> str:
    """A dimension in words, or its name as it stands."""
    return both(DIMENSIONS[name]) if name in DIMENSIONS else name
