"""Short forms whose full stop may not end a sentence, by what they tell about the words around them.

Data for `sentences`, in lower case and without the last stop. A word that is also a whole word («no», «max», «min»)
must not stand in the first list: it can end a sentence.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_LAST = _words(
    "mr mrs ms dr prof mme mlle sr sra srta dra exmo exma e.g eg i.e ie vs approx aprox p.s z.b d.h bzgl evtl ggf vgl bspw p.ex "
    "т.е т.к напр yth"
)
"""A word always follows these."""
MAY_BE_LAST = _words(
    "etc inc ltd co corp llc jr a.m p.m u.s u.k u.a usw bzw ca dept ps ud uds vd vds cf al av d.o.o "
    "т.д т.п др пр г руб ул см тел стр dll dsb dst"
)
"""These end a sentence unless it goes on in lower case or with a figure."""
BEFORE_A_FIGURE = _words("no nos nr núm n.º num str pág pag p pp fig art sec ch vol ext tel max min est env hlm st")
"""These are short forms before a figure only; elsewhere most of them are whole words."""
GERMAN_MONTHS = _words("januar jänner februar märz april mai juni juli august september oktober november dezember")
"""German writes a day as «5. März»."""
HOST_ENDS = _words("com net org io js ts py php html htm co ai biz xyz pdf md")
"""What may follow a dot inside a host, file or product name, however it is written."""
