"""The company in the test database: Yangtze Gear Works, a maker of machine parts with stock, customers, carriers."""

from base64 import b64encode

import httpx

from tests.systems.tryton.rest import Rest, Row, added, created, decimal

LOGIN = "admin"

PRODUCTS = {  # code: name, unit's symbol, list price in CNY
    "SN-516": ("Bearing housing SN-516", "u", "480"),
    "GS-204": ("Gear shaft GS-204", "u", "1260"),
    "HC-080": ("Hydraulic cylinder HC-080", "u", "3150"),
    "ST-012": ("Spring steel strip 12 mm", "kg", "18.50"),
}
PRODUCED = "PM-900"
"""Of the products the one that is not in stock: it is produced when it is sold."""
CUSTOMERS = {  # code: name, country, postal code, city, street
    "C-1001": ("Harbin Crane Works", "CN", "150080", "Harbin", "12 Xuefu Road"),
    "C-1002": ("Nordwerft Pumpen GmbH", "DE", "20457", "Hamburg", "Am Sandtorkai 40"),
}
COUNTRIES = {"CN": ("China", "CHN", "156"), "DE": ("Germany", "DEU", "276")}
WORKS = ("CN", "JS", "210000", "Nanjing", "8 Jiangbei Avenue")
"""Where the warehouse stands: country, subdivision, postal code, city, street."""
CARRIERS = {"ZTO": "ZTO Express", "SF": "SF Express", "YTO": "YTO Express"}
IN_STOCK = 10_000
CLERK = "Mei Lin"
COMPLAINT_TYPE = "Delivery"


def first_key(url: str, database: str, password: str) -> str:
    """Log in as people do and let Tryton make a key for its REST interface."""
    with httpx.Client(base_url=f"{url}/{database}/rpc/", timeout=30) as client:

        def call(method: str, *parameters: object) -> Row:
            answer: Row = client.post("", json={"id": 1, "method": method, "params": parameters}).json()
            if "result" not in answer:
                raise AssertionError(f"{method}: {answer}")
            return answer

        user, session, _ = call("common.db.login", LOGIN, {"password": password}, "en")["result"]
        ticket = b64encode(f"{LOGIN}:{user}:{session}".encode()).decode()
        client.headers["Authorization"] = f"Session {ticket}"
        application = {"user": user, "application": "rest"}
        keys = call("model.res.user.application.create", [application], {})["result"]
        key: str = call("model.res.user.application.read", keys, ["key"], {})["result"][0]["key"]
        return key


def found(rest: Rest, model: str, field: str, value: str) -> int:
    row, *others = rest.find(model, [field, "=", value])
    if others:
        raise AssertionError(f"several {model} with {field} {value}")
    return int(row["id"])


def open_company(rest: Rest) -> Row:
    """Fill a database that has nothing but its modules; give back the ids that a clerk needs."""
    currency = rest.create(
        "currency.currency", name="Renminbi", symbol="¥", code="CNY", numeric_code="156", rounding=decimal("0.01")
    )
    party = rest.create("party.party", name="Yangtze Gear Works")
    company = rest.create("company.company", party=party, currency=currency, timezone="Asia/Shanghai")
    admin = found(rest, "res.user", "login", LOGIN)
    rest.write("res.user", admin, companies=added(company), company=company)
    rest.act_for(company)
    employ(rest, admin, company)
    for name, prefix in (("Sale", "SO-"), ("Customer Shipment", "DN-"), ("Customer Complaint", "CC-")):
        rest.write("ir.sequence", found(rest, "ir.sequence", "name", name), prefix=prefix, padding=5)
    days_30 = {"type": "remainder", "relativedeltas": created({"days": 30})}
    term = rest.create("account.invoice.payment_term", name="30 days", lines=created(days_30))
    return {
        "company": company,
        "currency": currency,
        "payment_term": term,
        "warehouse": found(rest, "stock.location", "code", "WH"),
        "products": stock_products(rest, company),
        "customers": register_customers(rest, party),
        "carriers": register_carriers(rest),
        "complaint_type": register_complaints(rest),
        "package_type": rest.create("stock.package.type", name="Carton"),
        "integration_key": register_integration(rest, company),
    }


def employ(rest: Rest, user: int, company: int) -> None:
    """Make the clerk an employee: Tryton notes as whom people decide, and nobody where they are none."""
    employee = rest.create("company.employee", party=rest.create("party.party", name=CLERK), company=company)
    rest.write("res.user", user, employees=added(employee), employee=employee)


def register_complaints(rest: Rest) -> int:
    return rest.create("sale.complaint.type", name=COMPLAINT_TYPE, origin=found(rest, "ir.model", "name", "sale.sale"))


def stock_products(rest: Rest, company: int) -> Row:
    found_at_stocktaking = found(rest, "stock.location", "type", "lost_found")
    storage = found(rest, "stock.location", "code", "STO")
    products = {}
    for code, (name, symbol, price) in PRODUCTS.items():
        unit = found(rest, "product.uom", "symbol", symbol)
        product = add_product(
            rest, name=name, code=code, type="goods", salable=True, default_uom=unit, sale_uom=unit,
            list_price=decimal(price), lead_time={"__class__": "timedelta", "seconds": 0},
        )  # fmt: skip
        receipt = rest.create(
            "stock.move", product=product, quantity=IN_STOCK, unit=unit, from_location=found_at_stocktaking,
            to_location=storage, company=company,
        )  # fmt: skip
        rest.press("stock.move", receipt, "do")
        products[code] = {"id": product, "unit": unit, "price": price}
    unit = found(rest, "product.uom", "symbol", "u")
    product = add_product(
        rest, name="Planetary gear PM-900", code=PRODUCED, type="goods", salable=True, default_uom=unit, sale_uom=unit,
        list_price=decimal("9800"), producible=True, supply_on_sale="always",
        lead_time={"__class__": "timedelta", "seconds": 0},
    )  # fmt: skip
    products[PRODUCED] = {"id": product, "unit": unit, "price": "9800"}
    return products


def add_product(rest: Rest, **values: object) -> int:
    return rest.create("product.product", template=rest.create("product.template", **values))


def register_customers(rest: Rest, ourselves: int) -> Row:
    countries = {
        code: rest.create("country.country", name=name, code=code, code3=code3, code_numeric=numeric)
        for code, (name, code3, numeric) in COUNTRIES.items()
    }
    place_warehouse(rest, ourselves, countries)
    customers = {}
    for code, (name, country, postal_code, city, street) in CUSTOMERS.items():
        party = rest.create("party.party", name=name, code=code)
        address = rest.create(
            "party.address",
            party=party, street=street, postal_code=postal_code, city=city, country=countries[country],
        )  # fmt: skip
        customers[code] = {"party": party, "address": address}
    return customers


def place_warehouse(rest: Rest, party: int, countries: Row) -> None:
    """Give the warehouse the address from which goods leave."""
    country, subdivision, postal_code, city, street = WORKS
    region = rest.create(
        "country.subdivision",
        country=countries[country],
        code=f"{country}-{subdivision}",
        name="Jiangsu",
        type="province",
    )
    address = rest.create(
        "party.address",
        party=party, street=street, postal_code=postal_code, city=city, country=countries[country], subdivision=region,
    )  # fmt: skip
    rest.write("stock.location", found(rest, "stock.location", "code", "WH"), address=address)


def register_carriers(rest: Rest) -> Row:
    unit = found(rest, "product.uom", "symbol", "u")
    freight = add_product(rest, name="Freight", code="EXP", type="service", default_uom=unit, list_price=decimal("0"))
    carriers = {}
    for code, name in CARRIERS.items():
        party = rest.create("party.party", name=name, code=code)
        carriers[code] = rest.create("carrier", party=party, carrier_product=freight)
    return carriers


def register_integration(rest: Rest, company: int) -> str:
    """A user of its own for Quayside, with the rights of sales, stock and production and a key."""
    groups = [found(rest, "res.group", "name", name) for name in ("Sales", "Stock", "Production")]
    user = rest.create(
        "res.user", name="Quayside", login="quayside", groups=added(*groups), companies=added(company), company=company
    )
    application = rest.create("res.user.application", user=user, application="rest")
    key: str = rest.read("res.user.application", application, "key")["key"]
    return key
