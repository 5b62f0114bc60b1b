"""The commonest of the phrases in other languages of the Union: German, French, Spanish, Italian,
Dutch and Swedish (9.1, R112). A claim is not allowed for being put in another tongue.
"""

from claims.accounting.phrases import ABOUT_INVENTORY, ABOUT_METAL, phrase

_METALS = r"(?:stahls?|eisens?|acier|fer|acero|hierro|acciaio|ferro|staal|ijzer|stål|järn)"
_CLEAN = (
    r"(?:grün\w*|klimaneutral\w*|(?:co2|kohlenstoff|emissions|fossil)-?(?:neutral|arm|frei|reduziert)"
    r"\w*|nachhaltig\w*|verte?s?|durables?|(?:à\s+)?bas(?:se)?(?:\s+teneur\s+en)?\s+carbone"
    r"|décarbonée?s?|verdes?|verdi|bajo\s+en\s+carbono|sostenibil[ei]|sostenibles?"
    r"|a\s+basse\s+emissioni|groene?|duur(?:zame?|zaam)|co2-?arme?|klimaatneutra\w+"
    r"|grön\w*|fossilfri\w*|klimatneutral\w*|hållbar\w*)"
)
_PAIR = rf"(?:{_CLEAN}\s+{_METALS}|{_METALS}\s+{_CLEAN})\b"
_AIMS = (
    r"\b(?:ziel\w*|objectifs?|objetivos?|obiettiv[oi]|doel\w*|mål\w*|ambition\w*"
    r"|(?:bis|d'ici|hasta|entro|tegen|till)\s+(?:\w+\s+)?20\d\d)\b"
)

EVERYWHERE_ABROAD = (
    phrase(r"\b(?:klima|co2-?|kohlenstoff)neutral\w*|\b(?:klimaat|co2-?)neutra(?:al|le)\b"
           r"|\b(?:klimat|koldioxid)neutral\w*"
           r"|\bneutres?\s+(?:en|pour\s+le|du\s+point\s+de\s+vue\s+du)\s+(?:carbone|climat)\b"
           r"|\b(?:neutr[oa]s?\s+en|cero)\s+carbono\b|\bcarbono\s+neutr(?:al|o|os)\b"
           r"|\bclim[aá]ticamente\s+neutr\w+|\bneutr\w+\s+(?:in|di)\s+(?:termini\s+di\s+)?carbonio\b"
           r"|\bimpatto\s+(?:climatico\s+)?zero\b", ABOUT_INVENTORY, _AIMS),
    phrase(rf"\b(?:hergestellt|gebaut|gefertigt|produziert|besteh\w+)\s+(?:aus|mit)\s+{_PAIR}"
           rf"|\b(?:aus|mit)\s+{_PAIR}\s+(?:hergestellt|gebaut|gefertigt|produziert)", ABOUT_METAL),
    phrase(rf"\b(?:fabriqu|constru|produit|fait)\w*\s+(?:avec|en|à\s+partir)\s+(?:de\s+)?(?:d'|l')?"
           rf"(?:de\s+l')?{_PAIR}", ABOUT_METAL),
    phrase(rf"\b(?:hech|fabricad|construid|producid|fatt|costruit|prodott|realizzat)\w+\s+"
           rf"(?:con|de|di|in)\s+{_PAIR}", ABOUT_METAL),
    phrase(rf"\b(?:gemaakt|gebouwd|geproduceerd|tillverka\w+|bygg\w+|gjor\w+)\s+(?:van|met|av|med)\s+"
           rf"{_PAIR}", ABOUT_METAL),
)  # fmt: skip

CONSUMER_ABROAD = (
    phrase(rf"\b{_PAIR}|\bgrünstahl\w*", ABOUT_METAL),
    phrase(r"\b(?:umwelt|klima)(?:freundlich|schonend|gerecht)\w*"
           r"|\b(?:respectueu(?:x|se)s?\s+de|bons?\s+pour|bonnes?\s+pour)\s+"
           r"(?:l'environnement|le\s+climat|la\s+planète)"
           r"|\b(?:respetuos[oa]s?\s+con|rispettos[oaei]\s+(?:del)?)\s*"
           r"(?:el\s+medio\s*ambiente|el\s+clima|l'ambiente|clima)"
           r"|\b(?:milieu|klimaat)vriendelijk\w*|\b(?:miljö|klimat)(?:vänlig|smart)\w*",
           ABOUT_INVENTORY),
)  # fmt: skip
