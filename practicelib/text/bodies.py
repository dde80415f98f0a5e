"""Lines that say who reports and when: the name of a body, dates, bylines."""

from __future__ import annotations

import re

from practicelib.text.script import to_simplified

_UNIT_LIMIT = 32
_LONGEST = 100
"""Characters of such a line. A longer one is text, and trying could cost quadratic time."""
# The tail of a body's name; what a report is signed with.
_BODY = re.compile(
    r"(?:党工委|工作党委|党委|区委|县委|市委|省委|旗委|州委|镇委|乡委|党总支|总支部|党支部|党组"
    r"|委员会|办事处|居委会|村委会|政府|管委会|组织部|宣传部|统战部|政法委|纪委监委|纪委|办公室|民政局|公安局"
    r"|公安分局|教育局|卫健委|卫生局|医院|学校|中学|小学|大学|学院|集团|公司|协会|研究室|课题组|编辑部"
    r"|街道|社区|居民区|派出所|局|厅|处|镇|乡|村|区|县|市)$"
)
# Tails that end headings as well: a place must stand before them.
_BODY_OF_PLACE = re.compile(
    r"^[\u4E00-\u9FD5]{1,7}(?:省|市|州|盟|区|县|旗|镇|乡|街道|社区|村)[\u4E00-\u9FD5]{0,8}"
    r"(?:工作部|妇联|团委|总工会|残联|综治中心)$"
)
_NOT_A_NAME = re.compile(
    r"[，,。；;：:！!？?“”\"]|——|的|了|与|着力|推进|打造|建设$|^[一二三四五六七八九十]+、"
)
_DAY = (
    r"(?:\d{4}|[一二三四五六七八九〇○零]{4})\s*(?:年|[./-])\s*"
    r"(?:[\d一二三四五六七八九十]{1,3}\s*(?:月|[./-])?\s*(?:[\d一二三四五六七八九十]{1,3}\s*日?)?)?"
    r"\s*(?:(?:星期|周)[一二三四五六日天])?"
)
# A line that is a date and no more, as it stands under a title or at the end.
_DATE = re.compile(rf"[（(]?{_DAY}[)）]?")
# A date on the line of the name, parted by white space.
_DATED = re.compile(rf"^[（(]?{_DAY}[)）]?\s+|\s+[（(]?{_DAY}[)）]?$")
_YEAR = re.compile(r"\d{4}|[一二三四五六七八九〇○零]{4}")
YEAR_DIGITS = str.maketrans(
    "〇○◯零一二三四五六七八九０１２３４５６７８９", "00001234567890123456789"
)
"""Digits of years, Chinese and full-width ones, as plain ones."""
_STOPS = ("。", "！", "？")
_AROUND = "（）()【】[]〔〕 \u3000—"
_BYLINE = re.compile(
    r"^[（(]?(?:作者|作者单位|供稿单位|来源|文章来源|信息来源|供稿|撰稿|通讯员|本报记者|记者|编辑|责任编辑|审核)\s*[：:/]"
    r"|发布时间|发布日期|浏览次数|阅读次数|点击数"
    r"|(?:书记|主任|镇长|乡长|区长|县长|市长|局长|院长|校长|站长|所长)[ \u3000]+[\u4E00-\u9FD5]"
    r"[\u4E00-\u9FD5 \u3000]{1,4}$"
)


def body_name(text: str) -> str:
    """The name of the body where a whole line is one, in the script of the line; else empty.

    Brackets, dashes and a date around it are left aside.
    """
    if len(text) > _LONGEST:
        return ""
    found = _DATED.sub("", text.strip(_AROUND)).strip(_AROUND)
    name = to_simplified(found)
    if not 2 < len(name) <= _UNIT_LIMIT or _NOT_A_NAME.search(name):
        return ""
    return found if _BODY.search(name) or _BODY_OF_PLACE.search(name) else ""


def is_date(text: str) -> bool:
    """Whether a line is a date and no more."""
    return len(text) <= _LONGEST and _DATE.fullmatch(text) is not None


def date_year(text: str) -> str:
    """The year, in plain digits, of a line that is a date, or one and a body's name; else empty."""
    if len(text) > _LONGEST:
        return ""
    date = _DATED.search(text)
    if not is_date(text) and not (date and body_name(text)):
        return ""
    found = _YEAR.search(text if date is None else date[0])
    return "" if found is None else found[0].translate(YEAR_DIGITS)


def is_byline(text: str) -> bool:
    """Whether a line names the author or the source, or counts readers, as web pages do."""
    if len(text) > _LONGEST or text[-1:] in _STOPS:
        return False
    return _BYLINE.search(to_simplified(text)) is not None
