"""What is found when goods leave: more than ordered, not ordered at all, never received into stock."""

from contracts.documents import GoodsIssue, IssueLine, IssueState, OrderState, Product
from contracts.model import Contract
from contracts.policy import Policy
from contracts.snapshot import Kind, Severity, SubjectType
from tests.streams.receipts import remedy, returned, stocked
from tests.streams.way import ERP, POLICY, START, Way, hours, issue, order, pieces

OVER, NOT_ORDERED, UNRECEIVED = Kind.OVER_DESPATCHED, Kind.ISSUE_NOT_ORDERED, Kind.ISSUE_WITHOUT_RECEIPT


def told(*events: Contract, policy: Policy = POLICY, until: float = 24) -> Way:
    way = Way(policy)
    way.tell(order(), START)
    for event in events:
        way.tell(event, hours(min(until, 10)))
    way.hear(hours(until))
    return way


def since(way: Way, kind: Kind) -> dict[str, float]:
    return {
        finding.subject: (finding.since - START).total_seconds() / 3600
        for finding in way.findings()
        if finding.kind is kind
    }


def with_product(told: GoodsIssue, product: str, count: int) -> GoodsIssue:
    extra = IssueLine(line="9", order="SO1", product=Product(code=product), quantity=pieces(count))
    return told.model_copy(update={"lines": (*told.lines, extra)})


def test_more_left_than_ordered_is_so_since_the_goods_issue_by_which_it_is_more() -> None:
    way = told(issue("GI1", {"SO1": 8}, at=hours(1)), issue("GI2", {"SO1": 3}, at=hours(5), numbers=("YT2",)))
    assert since(way, OVER) == {"SO1/1": 5.5}
    [task] = way.tasks()
    assert (task.subject_type, task.subject, task.role) == (SubjectType.ORDER, "SO1", "sales")
    assert (task.details["over"], task.details["line"]) == ("1", "1 BRG-6204 Deep groove ball bearing: 11 / 10")


def test_a_raised_order_in_the_grace_is_not_exceeded() -> None:
    raised = order(ordered=11, version=hours(1.2))
    assert since(told(issue("GI1", {"SO1": 11}, at=hours(1)), raised), OVER) == {}


def test_what_is_only_planned_is_not_over() -> None:
    planned = issue("GI2", {"SO1": 3}, at=hours(5), numbers=("YT2",), state=IssueState.PLANNED)
    assert since(told(issue("GI1", {"SO1": 10}, at=hours(1)), planned), OVER) == {}


def test_over_is_not_judged_while_the_erp_is_silent() -> None:
    way = Way()
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 12}, at=hours(1)), hours(1))
    way.hear(hours(1.2))
    way.hear(hours(20), ["ingress"])
    assert since(way, OVER) == {}


def test_over_ends_by_a_remedy_or_when_it_came_back() -> None:
    over = issue("GI1", {"SO1": 12}, at=hours(1))
    assert since(told(over, remedy(agreed=4)), OVER) == {}
    assert since(told(over, returned({"SO1": 2}, at=4, version=4)), OVER) == {}
    assert since(told(over, returned({"SO1": 1}, at=4, version=4)), OVER) == {"SO1/1": 1.5}


def test_short_at_the_despatch_ends_by_a_remedy() -> None:
    short = issue("GI1", {"SO1": 8}, at=hours(1))
    assert since(told(short), Kind.UNDER_DESPATCHED) == {"SO1/1": 1.5}
    assert since(told(short, remedy(count=1, agreed=4)), Kind.UNDER_DESPATCHED) == {"SO1/1": 1.5}
    assert since(told(short, remedy(count=2, agreed=4)), Kind.UNDER_DESPATCHED) == {}


def test_a_product_that_no_line_orders_is_told_of_its_goods_issue() -> None:
    way = told(with_product(issue("GI1", {"SO1": 10}, at=hours(1)), "GRS-2", 5))
    assert since(way, NOT_ORDERED) == {"GI1": 1.5}
    [task] = way.tasks()
    assert (task.subject_type, task.subject) == (SubjectType.DOCUMENT, "GI1")
    assert task.details["not_ordered"] == "GRS-2: 5"


def test_it_clears_when_the_order_gets_the_line_or_the_goods_came_back() -> None:
    extra = with_product(issue("GI1", {"SO1": 10}, at=hours(1)), "GRS-2", 5)
    whole = order(version=hours(2))
    [line] = whole.lines
    added = line.model_copy(update={"line": "2", "product": Product(code="GRS-2"), "ordered": pieces(5)})
    assert since(told(extra, whole.model_copy(update={"lines": (line, added)})), NOT_ORDERED) == {}
    back = returned({"SO1": 5}, at=4, version=4)
    lines = tuple(one.model_copy(update={"order_line": "", "product": Product(code="GRS-2")}) for one in back.lines)
    assert since(told(extra, back.model_copy(update={"lines": lines})), NOT_ORDERED) == {}


def test_an_erp_that_tells_no_goods_receipts_is_not_accused() -> None:
    assert since(told(issue("GI1", {"SO1": 10}, at=hours(1))), UNRECEIVED) == {}


def test_an_erp_that_tells_of_everything_is_judged_of_lines_without_a_receipt_too() -> None:
    policy = Policy.model_validate({"pollers": [ERP], "issue_without_receipt": {"accounts": [ERP]}})
    assert since(told(issue("GI1", {"SO1": 10}, at=hours(1)), policy=policy), UNRECEIVED) == {"SO1/1": 5.0}
    in_stock = stocked({"SO1": 10})
    assert since(told(issue("GI1", {"SO1": 10}, at=hours(1)), in_stock, policy=policy), UNRECEIVED) == {}


def test_a_line_of_which_some_was_received_is_judged_since_more_left_than_that() -> None:
    issues = [issue("GI1", {"SO1": 6}, at=hours(1)), issue("GI2", {"SO1": 4}, at=hours(3), numbers=("YT2",))]
    way = told(*issues, stocked({"SO1": 8}))
    assert since(way, UNRECEIVED) == {"SO1/1": 7.0}
    [found] = [finding for finding in way.findings() if finding.kind is UNRECEIVED]
    assert found.severity is Severity.ORDINARY
    assert found.details["unreceived"] == "2"
    assert found.details["line"] == "1 BRG-6204 Deep groove ball bearing: 10 / 8"


def test_what_came_back_may_leave_again_and_an_announced_receipt_is_none() -> None:
    all_of_it = issue("GI1", {"SO1": 10}, at=hours(1))
    back = returned({"SO1": 2}, at=0.5, version=0.5)
    assert since(told(all_of_it, stocked({"SO1": 8}), back), UNRECEIVED) == {}
    announced = stocked({"SO1": 2}, document="GR2", announced=True)
    assert since(told(all_of_it, stocked({"SO1": 8}), announced), UNRECEIVED) == {"SO1/1": 5.0}


def test_a_receipt_in_another_unit_is_named_and_nothing_is_judged_by_it() -> None:
    odd = stocked({"SO1": 8})
    [line] = odd.lines
    kilograms = line.model_copy(update={"quantity": line.quantity.model_copy(update={"unit": "KGM"})})
    policy = Policy.model_validate({"pollers": [ERP], "issue_without_receipt": {"accounts": [ERP]}})
    way = told(issue("GI1", {"SO1": 10}, at=hours(1)), odd.model_copy(update={"lines": (kilograms,)}), policy=policy)
    assert since(way, UNRECEIVED) == {}
    shown = way.order().view
    assert shown is not None
    assert shown.lines[0].uncounted == ("GR1",)


def test_an_order_that_is_cancelled_is_not_exceeded() -> None:
    events = [with_product(issue("GI1", {"SO1": 12}, at=hours(1)), "GRS-2", 5), stocked({"SO1": 8})]
    way = told(*events, order(state=OrderState.CANCELLED, version=hours(1)))
    assert way.findings() == []


def test_a_group_of_products_may_have_a_grace_of_its_own() -> None:
    policy = Policy.model_validate(
        {
            "pollers": [ERP],
            "product_groups": {"bearings": ["BRG-*"]},
            "overrides": [
                {
                    "when": {"product_group": "bearings"},
                    "over_despatched": {"grace": "PT2H"},
                    "issue_without_receipt": {"grace": "PT1H"},
                }
            ],
        }
    )
    way = told(issue("GI1", {"SO1": 12}, at=hours(1)), stocked({"SO1": 8}), policy=policy)
    assert (since(way, OVER), since(way, UNRECEIVED)) == ({"SO1/1": 3.0}, {"SO1/1": 2.0})


def test_what_leaves_after_it_was_too_much_already_moves_nothing() -> None:
    parts = [(8, 1), (3, 5), (1, 7)]
    issues = [issue(f"GI{at}", {"SO1": count}, at=hours(at), numbers=(f"YT{at}",)) for count, at in parts]
    assert since(told(*issues), OVER) == {"SO1/1": 5.5}
