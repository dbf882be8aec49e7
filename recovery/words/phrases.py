"""Which phrases send a complainant away angrier than they came?

Phrases, not words: 规定 or "policy" alone is ordinary, "规定就是规定" is not. Each code has
patterns for Chinese and English; a test holds them against official sentences that must pass.
"""

from __future__ import annotations

import re

from recovery.words.findings import Tongue

_YOU, _WE = "[您你]们?", "我们?"

_OURS_ZH = "(?:我们|我司|本?公司|本?单位|本店|平台|店里|内部)"
_UNABLE_ZH = (
    "(?:不能|无法|不可以|不予|不允许|没法|没(?:有)?办法|帮不了|办不了|不给|不退|不赔|不受理|不支持)"
)
_RULE_EN = (
    r"(?:(?:as )?per|according to|due to|because of|owing to|based on|under|in (?:line|accordance)"
    r" with) (?:our|company|the company[’']s|internal) (?:[\w-]+ ){0,2}"
    r"(?:polic(?:y|ies)|rules?|procedures?|guidelines?|terms(?: (?:and|&) conditions)?)\b"
)
_UNABLE_EN = (
    r"\b(?:we|I)(?:(?: are|[’']re| am|[’']m) (?:unable|not (?:able|allowed|permitted))"
    r"| can[’']?not| can[’']t| can not| may not| do not| don[’']t| will not| won[’']t"
    r"| have to (?:decline|refuse|reject))\b"
)
"""A rule of our own and what we do not do, in one sentence: the rule is the whole reason."""

_CHINESE: dict[str, str] = {
    "not_understand": rf"(?:[听看搞弄]不懂|不(?:明白|理解|懂)){_YOU}(?:在|到底|想|究竟|说)"
    rf"|{_YOU}(?:到底|究竟)(?:在|想)?说(?:的是)?(?:什么|啥)",
    "mixed_up": rf"{_YOU}(?:一定|肯定|可能|大概|恐怕|应该)?是?[搞弄记看听](?:错|混|糊涂)了",
    "you_should": rf"{_YOU}(?:本来?|原本|早|当时|当初|本)(?:就)?(?:应该|应当|该)"
    rf"|{_YOU}(?:就)?(?:应该|应当)(?:早|事先|提前就|自己|看清|仔细|知道|明白|懂)",
    "we_will_not": rf"{_WE}(?:是|绝对?)?(?:不会|不愿意?|不打算|不想|拒绝)"
    r"(?:再)?(?:为您|给您|帮您|替您|跟您|处理|赔|退款|退钱|退货|补偿|回复|管|负责|接受您)",
    "we_cannot": rf"{_WE}(?:从来|从|向来)不(?:会)?(?:这样|这么|退|赔|换|补|接受|允许)"
    rf"|{_WE}(?:真的?|实在|根本|完全|也)?(?:没(?:有)?(?:任何)?办法|无能为力|做不到|办不到|爱莫能助)",
    "you_are_wrong": rf"{_YOU}(?:说得|说的|的说法|的理解|想的|讲的)?(?:是|都|完全|根本)?"
    r"(?:错了|不对|不正确|有误)|是您(?:自己)?(?:错|不对)",
    "nobody_complained": r"(?:从来?)?没(?:有)?(?:其他|别的|任何)?(?:人|客户|顾客|用户)"
    r"(?:这样|这么|像您这样|来|向我们)?(?:投诉|抱怨|反映|提)过"
    r"|(?:别人|其他人|其他客户|其他顾客)(?:都|从来)?没(?:有)?(?:投诉|抱怨|意见|问题|这么)"
    rf"|(?:只有|就){_YOU}(?:一个(?:人)?)?(?:在)?(?:投诉|抱怨|反映|这么说)",
    "company_rule": r"规定就是(?:规定|这样|如此)"
    r"|(?:公司|我们|单位|上面|店里|平台)(?:的)?(?:规定|政策|制度)(?:就是|就|如此|摆在|不允许|不让|不能|不可以)"
    r"|这是(?:公司|我们|单位|店里|平台)的?(?:规定|政策|制度)"
    rf"|(?:按照?|根据|依照?|依据|因为?|由于|鉴于){_OURS_ZH}的?(?:有关|相关|现行)?"
    rf"(?:规定|政策|制度|要求|流程)[^。！？；\n]{{0,20}}?{_UNABLE_ZH}",
    "do_not_know": rf"{_WE}(?:也|真的?|都|确实|实在|根本|完全)?(?:不知道|不清楚|不晓得|搞不清)",
    "not_my_business": rf"(?:不关{_WE}的?事|不归{_WE}(?:部门)?(?:管|负责)"
    rf"|不是{_WE}(?:部门)?的?(?:事|职责|工作|业务)|[跟和与同]{_WE}(?:没(?:有)?|无)(?:任何)?关系?)",
    "not_responsible": rf"(?:{_WE}|我司|本公司|我公司|本店)(?:概|均|完全)?"
    rf"(?:不|没有|无需|不用|不会)(?:负|承担)(?:任何|这个)?(?:责|赔偿)|(?:不是|并非){_WE}的?(?:责任|错|过错|问题)",
    "always_done_so": r"(?:一直|向来|从来|历来|一贯)(?:以来)?(?:都|就)?是?"
    r"(?:这样|这么|如此)(?!认为|希望)",
    "your_decision": rf"(?:是|由){_YOU}自己(?:的)?(?:决定|选择|选|要|愿意)|{_YOU}(?:自己)?看着办"
    rf"|随{_YOU}的?便|爱(?:要|来|信)不(?:要|来|信)",
    "absolutely_not": r"绝(?:对)?不(?:可能|行|可以|能)|绝无可能"
    r"|(?:根本|完全)(?:就)?(?:不可能|不行)|想都别想",
}
_ENGLISH: dict[str, str] = {
    "not_understand": r"\b(?:I|we) (?:really |just )?(?:do not|don[’']t|can[’']?not|can[’']t) "
    r"(?:understand|see|follow) (?:what you|you\b|your point)|\bwhat are you talking about"
    r"|\b(?:you|that|this) (?:make|makes) no sense",
    "mixed_up": r"\byou (?:must |may |might |have |seem to |are |were )*(?:be |been |have )?"
    r"(?:confus(?:ed|ing)|mixed (?:\w+ )?up|muddled|misread|misunderst(?:ood|anding))",
    "you_should": r"\byou (?:really )?(?:should|ought to|could) have\b"
    r"|\byou should (?:know|be aware|understand|read|be more)",
    "we_will_not": r"\b(?:we|I) (?:will not|won[’']t|refuse to|"
    r"(?:are|am) not (?:going|willing|prepared) to) (?:help|do (?:that|this|it|anything)|refund|pay"
    r"|change|give you|discuss|deal|replace|compensate|answer|accept)",
    "we_cannot": r"\bthere is nothing (?:that )?(?:we|I) can do|\bnothing (?:we|I) can do"
    r"|\b(?:we|I) (?:can[’']?not|can[’']t|can not) (?:help you|do (?:that|this|it|anything))"
    r"|\b(?:we|I) (?:can[’']?not|can[’']t|can not|(?:are|am) (?:unable|not able) to)"
    r" (?:help|assist)(?: you)?(?: any further| further)?"
    r"(?: (?:with|in) (?:this|that|it|your \w+))?"
    r"(?=\s*(?:[.!;\n]|$))"
    r"|\bwe never (?:do|give|refund|make|allow|accept|pay)\b|\bour hands are tied",
    "you_are_wrong": r"\byou(?: are|[’']re| were) (?:simply |just |quite |clearly |completely )?"
    r"(?:wrong|mistaken|incorrect)|\byou got (?:it|that|this) wrong"
    r"|\bthat is (?:simply |just )?(?:not true|untrue|nonsense)",
    "nobody_complained": r"\b(?:nobody|no one|no other customer|none of our (?:other )?\w+)"
    r"(?: else)?(?: has| had| have)?(?: ever)? complain"
    r"|\byou(?: are|[’']re) the (?:only|first) (?:one|person|customer)",
    "company_rule": r"\b(?:that|this|it)(?: is|[’']s) (?:just |simply |only )?"
    r"(?:our|company|the company[’']s|the) (?:\w+ )?(?:policy|rules?)\b(?! (?:that|to|on|for))"
    r"|\brules are rules|\b(?:our|company) (?:policy|rules?) (?:do(?:es)? not|doesn[’']t|won[’']t|"
    r"forbids?|prohibits?) (?:allow|permit|let)?"
    rf"|\b{_RULE_EN}[^.!?;\n]{{0,40}}?{_UNABLE_EN}|{_UNABLE_EN}[^.!?;\n]{{0,60}}?\b{_RULE_EN}",
    "do_not_know": r"\b(?:I|we) (?:really |just |simply )?(?:do not|don[’']t) know\b"
    r"|\b(?:I|we) have no idea|\bno idea (?:why|what|how|who)",
    "not_my_business": r"\bnot (?:my|our) (?:job|department|problem|business|concern|task)"
    r"|\bnothing to do with (?:me|us)\b",
    "not_responsible": r"\b(?:we|I) (?:are|am) not (?:responsible|liable|to blame|at fault)"
    r"|\b(?:we|I)[’'](?:re|m) not (?:responsible|liable|to blame|at fault)"
    r"|\bnot (?:our|my) (?:fault|responsibility)"
    r"|\b(?:accept|take|bear) no (?:liability|responsibility|blame)",
    "always_done_so": r"\b(?:we|it)(?: have| has|[’']ve|[’']s) always (?:done|been|worked|handled)"
    r"|\bthat is (?:just |simply )?(?:how|the way) (?:we|things|it)\b",
    "your_decision": r"\b(?:that|it|this) (?:was|is) your (?:own )?(?:decision|choice|problem)\b"
    r"|\btake it or leave it|\bsuit yourself|\bplease yourself",
    "absolutely_not": r"\b(?:absolutely|certainly|definitely) not\b|\bout of the question"
    r"|\bno way\b(?! (?:of|to|that))|\b(?:that|this|it) is (?:simply |just |quite )?impossible",
}
_BLAME_ZH: dict[str, str] = {
    "blames_complainant": rf"(?:都?怪|只能怪|怨){_YOU}"
    rf"|{_YOU}(?:自己|本人)(?:没|不|忘|未|弄|搞|填|写|操作)"
    rf"|{_YOU}(?:自己)?的?(?:疏忽|粗心|大意|过失|操作失误)"
    rf"|{_YOU}(?:为什么|为何|怎么)(?:不|没)(?:早|先|提前)"
    rf"|(?:因为|由于){_YOU}(?:不小心|粗心|忘)",
    "blames_colleague": r"(?:同事|客服|快递员|司机|仓库|财务|前台|技术部|销售|门店|店员|柜员)"
    r"(?:人员|部门|部)?[^。！？；，\n]{0,6}(?:搞错|弄错|失职|忘了|不负责|没做好|态度差|不专业|乱来|偷懒|犯了错)"
    r"|(?:都?怪|怨)(?:我们?的?)?(?:同事|客服|快递员|司机|仓库|财务|前台|技术|销售|门店)"
    r"|是(?:同事|客服|快递员|司机|仓库|财务|前台|技术|销售|门店)(?:人员|部门|部)?的(?:错|责任|疏忽|问题)",
}
_HOUSE = (
    r"(?:colleagues?|drivers?|couriers?|branch|warehouse|sales (?:team|people)|billing (?:team|"
    r"department)|engineers?|technicians?|call cent(?:re|er)|front desk|other department)"
)
_BLAME_EN: dict[str, str] = {
    "blames_complainant": r"\byour own (?:fault|mistake|error|negligence|carelessness)"
    r"|\byour (?:fault|negligence|carelessness)\b|\byou (?:failed|forgot|neglected|omitted) to\b"
    r"|\bif you had (?:only |just )?(?:read|checked|told|asked|paid|looked|followed)"
    r"|\byou (?:only )?have (?:only )?yourself to blame|\byou were careless"
    r"|\bwhy did(?:n[’']t| you not)",
    "blames_colleague": rf"\b{_HOUSE}\b[^.!?;\n]{{0,20}}\b(?:messed up|forgot|failed|made a mistake"
    r"|made an error|got it wrong|was careless|is useless|did not do (?:his|her|their) job|to blame"
    rf"|at fault)|\b(?:fault|mistake|error) (?:of|by) (?:my|our|the|a) {_HOUSE}"
    rf"|\b(?:my|our|the) {_HOUSE}[’']s? (?:fault|mistake|error)",
}

PHRASES: dict[Tongue, dict[str, re.Pattern[str]]] = {
    "zh": {code: re.compile(said) for code, said in (_CHINESE | _BLAME_ZH).items()},
    "en": {code: re.compile(said, re.IGNORECASE) for code, said in (_ENGLISH | _BLAME_EN).items()},
}
FORBIDDEN = tuple(_CHINESE)
"""The codes of the fourteen."""
