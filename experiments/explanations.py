"""What is left of an explanation after the claims that it makes have been judged."""

from collections.abc import Iterable

from experiments.claims import CLAIMS, Result
from experiments.verdicts import GRADE


def stands(verdicts: Iterable[str]) -> str:
    """Say it in a word, from the verdicts on the claims, which may be of several kinds.

    *Contradicted* if one claim is; else *open* while one is not measured; else *stands* if all
    hold, and *in part* otherwise.
    """
    grades = {GRADE[verdict] for verdict in verdicts}
    if "against" in grades:
        return "contradicted"
    if "open" in grades:
        return "open"
    return "stands" if grades == {"yes"} else "in part"


def weighed(results: Iterable[Result]) -> dict:
    """Count the bounds that hold, name the quantities that contradict, and say what is left.

    Parameters
    ----------
    results : list of experiments.claims.Result

    Returns
    -------
    dict
        `hold`, such as "3 of 5", of the bounds on what was measured; `against`, a list such as
        ["S2: delay of the rich"]; `says`, see `stands`.
    """
    judged = [
        (result.id, criterion, result.measured[criterion.quantity])
        for result in results
        for criterion in CLAIMS[result.id].criteria
        if criterion.quantity in result.measured
    ]
    hold = sum(bool(criterion.holds(value)) for _, criterion, value in judged)
    against = [
        f"{claim}: {criterion.quantity.replace('_', ' ')}"
        for claim, criterion, value in judged
        if criterion.contradicted(value)
    ]
    says = stands([result.verdict for result in results])
    return {"hold": f"{hold} of {len(judged)}", "against": against, "says": says}
