"""Lines of a saved page that belong to the site and not to its text: where one is, what to press.

Only lines that are such as a whole, and hold no sentence; what looks otherwise is kept, since a
line of navigation among the sentences does less harm than a sentence that is missing.
"""

from __future__ import annotations

import re

from practicelib.text.splitting import TERMINATORS

_LONGEST = 160
_PRESSED = (
    "打印本页|打印正文|打印页面|我要打印|打印|关闭窗口|关闭本页|关闭页面|关闭|加入收藏|收藏本页|收藏|返回顶部|返回首页"
    "|字体|字号|大号|中号|小号|默认|大|中|小|扫一扫在手机打开当前页|微信|微博|分享"
)
_FURNITURE = (
    # Where the page stands in the site.
    re.compile(r"(?:您|你)?(?:现在|目前|当前)?(?:所在)?的?(?:位置|栏目)\s*[：:].*[>＞»›→].*"),
    re.compile(r"(?:网站)?首页\s*[|｜>＞»›].*"),
    re.compile(r"分享(?:到|至)?\s*[：:].{0,40}"),
    # What is pressed: marks with nothing but such words between them, with one mark at least.
    re.compile(rf"(?=.*[【\[|｜：:])[\s【】\[\]|｜：:]*(?:(?:{_PRESSED})[\s【】\[\]|｜：:]*)+"),
    re.compile(r"[【\[\s]*[上下]一[篇条页则][】\]\s]*[：:].*"),
    re.compile(r"(?:(?:备案号|网站备案号?)\s*[：:]\s*)?[\u4e00-\u9fd5]ICP[备证]\s*\d+号.*"),
    re.compile(r"[\u4e00-\u9fd5]公网安备\s*\d+号.*"),
    re.compile(r"网站标识码\s*[：:].*"),
    re.compile(r"版权所有\s*[：:©].*"),
)


def is_furniture(line: str) -> bool:
    """Whether a line as a whole is the site's and not the text's."""
    line = line.strip()
    if len(line) > _LONGEST or set(line) & set(TERMINATORS):
        return False
    return any(pattern.fullmatch(line) for pattern in _FURNITURE)
