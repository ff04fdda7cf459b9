"""What the lexical reader finds in Arabic."""

import pytest

from tests.readers.lexical_reading import facts, read

DESTROY = ("threat", "other", "destroy")
MONEY = ("demand", "other", "money")
FEEDBACK = ("demand", "other", "feedback")
BAD_FEEDBACK = ("threat", "other", "bad_feedback")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("المبرمج بيقول لو مدفعتش 500 دولار زيادة همسح الموقع كله", {DESTROY, MONEY}),
        ("هددني المطور بحذف قاعدة البيانات إذا لم أدفع له مبلغا إضافيا", {DESTROY, MONEY}),
        ("المستقل يهددني انه راح يحذف كل ملفاتي", {DESTROY}),
        ("قال العميل اعطيني خمس نجوم والا بعطيك نجمة واحدة", {BAD_FEEDBACK, FEEDBACK}),
        ("العميل يطلب استرداد المبلغ كاملا وإلا سيترك تقييما سيئا", {BAD_FEEDBACK, MONEY}),
        ("العميل قالي لو مرجعتش الفلوس هنشر صورك على الفيس", {("threat", "other", "disclose")}),
        ("العميل قال لي رح اجيك على البيت واكسر راسك", {("threat", "other", "violence")}),
        ("المستقلة قالت اذا ما رجعت الفلوس رح تحكي لكل زبائني اني حرامي", {("threat", "other", "defame")}),
        ("كتب لي إذا لم تدفع ستندم", {("threat", "other", "unspecified")}),
        ("العميل بيبتزني عشان اديله خمس نجوم", {FEEDBACK}),
        ("المطور غير باسورد السيرفر ويطلب الف ريال عشان يرجعه", {("claim", "other", "lock_out"), MONEY}),
        ("لما طردته راح مسح الموقع كله", {("claim", "other", "destroy")}),
        ("حدا دخل على حسابي في Upwork وغير صورتي", {("claim", "other", "account_breach")}),
    ],
)
def test_ar_threats_demands_and_damage_are_read(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "العميل لم يدفع لي منذ شهرين ماذا أفعل؟",
        "خايف العميل يحط لي تقييم سيء",
        "هل يحق لي إيقاف موقعه إذا لم يدفع؟",
        "هو ما هددني ولا طلب شي بس الشغل متأخر",
        "الموقع واقف لأن الاستضافة انتهت ونسيت اجدد",
        "نسيت كلمة السر ومش عارف ادخل على حسابي",
        "عمولة المنصة ابتزاز رسمي",
        "ماذا لو فتح العميل نزاعا؟",
        "كيف أحذف حسابي نهائيا؟",
    ],
)
def test_ar_what_nobody_did_or_announced_is_no_threat_and_no_damage(text: str) -> None:
    found = {fact for fact in facts(read(text)) if fact[0] != "demand"}
    assert {harm for _, _, harm in found} <= {"withhold", "lawful_remedy", "bad_feedback"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "اتصلت بكل زبائني وقالت لهم إنني محتال لأنني لم أخترها.",
            ("claim", "other", "defame"),
        ),
        (
            'كتب لي: "ادفع أو زوجتك ستعرف كل شيء"',
            ("threat", "other", "disclose"),
        ),
    ],
)
def test_a_price_on_a_review_a_leak_and_a_smear_are_read(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))


def test_whoever_would_take_somebody_else_threatens_nothing() -> None:
    found = facts(read("قال العميل إذا لم أنته يوم الاثنين سيبحث عن مصمم آخر."))
    assert not any(fact[0] == "threat" for fact in found)


BREACH = "account_breach"


@pytest.mark.parametrize(
    "text",
    [
        "من أمس في حسابي على Upwork رقم غريب مو رقمي",
        "انرسلت عروض من بروفايلي وأنا ما قدمتها",
        "المساعدة القديمة لسه بتدخل على حساب وكالتنا في أبوورك",
        "أجرت بروفايلي لجاري وغير كلمة السر ورافض يرجعه",
        "حد استخدم كونكتس من حسابي وأنا مسافر",
        "شخص مجهول قبل شغل باسمي على أبوورك",
    ],
)
def test_ar_a_breach_of_a_marketplace_account_is_read_in_everyday_words(text: str) -> None:
    assert BREACH in {harm for sort, _, harm in facts(read(text)) if sort == "claim"}


@pytest.mark.parametrize(
    "text",
    [
        "كتب أنه سيغلق حسابي على Upwork إذا لم أرجع المبلغ",
        "بتهدد تبيع حسابي على أبوورك لو قفلت العقد",
    ],
)
def test_ar_a_threat_to_a_marketplace_account_is_read_as_such(text: str) -> None:
    assert ("threat", "other", BREACH) in facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "أبوورك قيد حسابي لحد ما يراجعوا الهوية",
        "عايز أغير طريقة السحب ومش لاقي الزرار",
        "غيرت اسمي في البروفايل بعد الزواج",
        "دخلت على حسابي في أبوورك وما لقيت زر السحب",
        "سحبت فلوسي من حسابي أمس ولسه ما وصلت البنك",
    ],
)
def test_ar_own_steps_and_the_marketplace_s_own_checks_breach_nothing(text: str) -> None:
    assert not {harm for sort, _, harm in facts(read(text)) if sort != "demand"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("هددني بالقتل", ("threat", "other", "violence")),
        ("توعدت بحذف كل الملفات", ("threat", "other", "destroy")),
        ("قال إنه يعرف عنواني", ("threat", "other", "unspecified")),
        ("المطور حط قفل على الموقع ويقول بيشيل القفل لما ياخذ 100 دولار", ("demand", "other", "money")),
    ],
)
def test_ar_nouns_of_harm_and_prices_are_read(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))
