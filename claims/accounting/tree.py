"""The decision tree of Exhibit 11 (9.2): which accounting method, and under which cap.

The exhibit is an image in the source; our reading of it stands in the nodes. A walk is the answers
given so far, each with what it rests on; it says what is asked next, or what is proposed and why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from claims.accounting.facts import Alignment, Cap, Method

YES, NO = "yes", "no"
SPEND = "spend"
LONGEST_EVIDENCE = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the tree.

    node: the exhibit's letter. answers: what may be answered, with its words. evidence: what an
    answer rests on, asked for in these words. needs_evidence: the answers that do not stand
    without it.
    """

    name: str
    node: str
    text: str
    help: str
    answers: Mapping[str, str]
    evidence: str
    needs_evidence: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question, and what that rests on."""

    question: str
    value: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the tree proposes: direct, enhanced or spend. estimation: of spend.

    cap: empty where none is chosen. reasons: why, a sentence for each turn of the path.
    """

    method: str
    cap: str = ""
    estimation: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through the tree.

    steps: the questions on the path with their answers, in order; answers off the path are not
    among them. asked: the next question, None when the end is reached. proposal: at the end.
    """

    steps: tuple[tuple[Question, Answer], ...]
    asked: Question | None
    proposal: Proposal | None


_YES_NO = MappingProxyType({YES: "Yes", NO: "No"})

QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        each.name: each
        for each in (
            Question(
                "activity_data",
                "A",
                "Is there an activity-based inventory in tonnes?",
                "The lines to claim against state physical tonnes of iron or steel, not money.",
                _YES_NO,
                "Where the tonnes come from",
                frozenset({YES}),
            ),
            Question(
                "estimation",
                "A",
                "How is spend turned into tonnes?",
                "The AIM QAR guidance knows two ways and prefers neither (Appendix G). Spend is "
                "the weaker basis: use tonnes where you can get them.",
                MappingProxyType(
                    {
                        "intervention_baseline": "Intervention baseline: spend × factor / B",
                        "unit_cost": "Unit cost: deflated spend / price of a tonne",
                    }
                ),
                "Why this way",
            ),
            Question(
                "same_product_type",
                "B",
                "Are lines and units of the same product type, flat or long?",
                "Slabs are rolled flat; blooms and billets long.",
                _YES_NO,
                "How you know",
                frozenset({YES}),
            ),
            Question(
                "aligned_boundary",
                "B",
                "Do factor and units cover the same boundary?",
                "The units’ boundary ends at crude steel, or at iron. What an EPD covers "
                "beyond it stands in a line of its own.",
                _YES_NO,
                "Which boundary the factor has",
                frozenset({YES}),
            ),
            Question(
                "reliable_factor",
                "B",
                "Is the emission factor reliable and assured?",
                "For example a verified EPD, or a supplier’s figure with assurance.",
                _YES_NO,
                "Source and assurance of the factor",
                frozenset({YES}),
            ),
            Question(
                "primary_data",
                "C",
                "Is the factor primary data of your suppliers?",
                "A regional or global average is not: its mills differ from yours.",
                _YES_NO,
                "Whose data it is",
                frozenset({YES}),
            ),
            Question(
                "baseline_above",
                "D",
                "Is the units’ baseline above your own emission factor?",
                "If it is, one unit could take off more than a tonne of your steel emits; a cap "
                "keeps the reduction within your own emissions.",
                _YES_NO,
                "Which baseline and which factor you compared",
            ),
            Question(
                "cap",
                "D",
                "Which cap?",
                "The BCU-baseline cap is preferred. The total-emissions cap is at your "
                "discretion, with a reason and your auditor’s judgement.",
                MappingProxyType(
                    {
                        Cap.BASELINE.value: "BCU-baseline cap",
                        Cap.TOTAL.value: "Total-emissions cap",
                    }
                ),
                "Why this cap",
                frozenset({Cap.TOTAL.value}),
            ),
        )
    }
)

_CONDITIONS = ("same_product_type", "aligned_boundary", "reliable_factor")
_DOUBTS = MappingProxyType(
    {
        "same_product_type": "the product types differ",
        "aligned_boundary": "the boundaries differ",
        "reliable_factor": "the factor is not reliable and assured",
        "primary_data": "the factor is not primary data",
    }
)


def walk(answers: Iterable[Answer]) -> Walk:
    """Follow the tree as far as the answers go. Answers off the path are passed over.

    An answer that `fault` refuses counts as not given.
    """
    given = {each.question: each for each in answers if not fault(each)}
    steps: list[tuple[Question, Answer]] = []
    for name in _path(given):
        if name not in given:
            return Walk(tuple(steps), QUESTIONS[name], None)
        steps.append((QUESTIONS[name], given[name]))
    return Walk(tuple(steps), None, _proposal(given))


def fault(answer: Answer) -> str:
    """Why an answer does not stand: found, allowed and what to do. Empty when it does."""
    question = QUESTIONS.get(answer.question)
    if question is None:
        return f"There is no question {answer.question!r}; the tree asks {', '.join(QUESTIONS)}."
    if answer.value not in question.answers:
        return f"Found {answer.value!r}; answer {' or '.join(question.answers)}."
    if len(answer.evidence) > LONGEST_EVIDENCE:
        return f"Found {len(answer.evidence)} characters; write at most {LONGEST_EVIDENCE}."
    if answer.value in question.needs_evidence and not answer.evidence.strip():
        return f"This answer needs what it rests on. {question.evidence}?"
    return ""


def alignment(path: Walk, reason: str = "") -> Alignment:
    """What direct substitution asks (R121), from the answers of a walk."""
    said = {question.name: answer.value == YES for question, answer in path.steps}
    return Alignment(
        reliable_factor=said.get("reliable_factor"),
        aligned_boundary=said.get("aligned_boundary"),
        same_product_type=said.get("same_product_type"),
        reason=reason,
    )


def _path(given: Mapping[str, Answer]) -> Iterable[str]:
    """The questions in order, each one depending on the answers before it."""
    yield "activity_data"
    if _said(given, "activity_data") == NO:
        yield "estimation"
        return
    yield from _CONDITIONS
    if not any(_said(given, name) == NO for name in _CONDITIONS):
        yield "primary_data"
        if _said(given, "primary_data") == YES:
            return
    yield "baseline_above"
    if _said(given, "baseline_above") == YES:
        yield "cap"


def _said(given: Mapping[str, Answer], name: str) -> str:
    return given[name].value if name in given else ""


def _proposal(given: Mapping[str, Answer]) -> Proposal:
    if _said(given, "activity_data") == NO:
        return Proposal(
            SPEND,
            estimation=_said(given, "estimation"),
            reasons=(
                "A: there is no inventory in tonnes, so tonnes are estimated from spend. Spend is "
                "the weaker basis and should be replaced by tonnes (9.1).",
            ),
        )
    reasons = ["A: the inventory is in tonnes."]
    doubts = [_DOUBTS[name] for name in _DOUBTS if _said(given, name) == NO]
    if not doubts:
        reasons.append("B: product type, boundary and factor align.")
        reasons.append("C: with primary data, direct substitution is proposed.")
        return Proposal(Method.DIRECT.value, reasons=tuple(reasons))
    reasons.append(f"B, C: enhanced substitution is proposed, because {' and '.join(doubts)}.")
    if _said(given, "baseline_above") == NO:
        reasons.append("D: the units' baseline is not above the factor, so no cap applies.")
        return Proposal(Method.ENHANCED.value, Cap.BASELINE.value, reasons=tuple(reasons))
    cap = _said(given, "cap")
    preferred = cap == Cap.BASELINE
    reasons.append(
        "D: the units' baseline is above the factor; the BCU-baseline cap is preferred."
        if preferred
        else "D: the units' baseline is above the factor; the total-emissions cap is chosen, for "
        "the reason given, and the auditor judges it."
    )
    return Proposal(Method.ENHANCED.value, cap, reasons=tuple(reasons))
