"""The public pages: one address of every kind, with the article loaded, and what a visitor reads off them."""

from urllib.parse import quote

STORAGE = "武威市凉州区300MW/1200MWh独立储能电站项目"
DAIRY = "年产8600吨系列乳制品精深加工项目"
FOOD = "雅洁食品项目"
COMPUTING = "稻盛云(武威)智算中心项目"

PAGES = {
    "home": "/",
    "projects": "/projects/",
    "projects-filtered": "/projects/?q=储能&chain=new-energy-equipment&stage=started&investment_min=1亿&o=name",
    "projects-not-understood": "/projects/?investment_min=很多&stage=wrong&o=wrong&colour=red&page=9",
    "projects-none": "/projects/?q=不存在&chain=dairy",
    "project": "/projects/LZ000001/",
    "project-with-parties": "/projects/LZ000004/",
    "companies": "/enterprises/",
    "company": "/enterprises/QY000002/",
    "chains": "/chains/",
    "chain": "/chains/dairy/",
    "places": "/places/",
    "place": "/places/jiuduntan-guangfu-zhisha/",
    "funds-none": "/funds/",
    "funds-definitions": "/funds/definitions/",
    "indicators": "/indicators/",
    "mechanisms": "/mechanisms/",
    "mechanism": "/mechanisms/yi-tiao-lian/",
    "opportunities": "/opportunities/",
    "about": "/about/",
    "search-found": "/search/?q=储能",
    "search-nothing": "/search/?q=不存在",
    "english": "/en/projects/LZ000001/",
    "not-found": "/projects/LZ999999/",
    "export-refused": "/projects/export.csv?stage=wrong",
}


def listed(page):
    """The names of the list on the screen, in their order."""
    return page.locator(".ledger tbody .cell--primary > a")


def chips(page):
    """The filters in force."""
    return page.locator(".chip > span:first-child")


def encoded(address):
    """An address as the browser shows it to scripts."""
    return quote(address, safe="/?=&#")


def fact(page, label):
    """The line of a record's page with a label."""
    return page.locator(".facts__row").filter(has=page.locator("dt").get_by_text(label, exact=True))
