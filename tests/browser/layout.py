"""What is wrong with how a page is laid out: sideways scrolling, text that is cut off, sticks out or lies on other text."""

# Lines of text as people see them. A line box is taller than the letters in it, so its middle half is compared.
FAULTS = """
() => {
    const faults = [], lines = [];
    const inside = (element, test) => { for (let e = element; e; e = e.parentElement) if (test(e)) return e; return null; };
    const hiddenForEyes = e => getComputedStyle(e).clipPath === "inset(50%)";
    const scrollsDown = e => ["auto", "scroll"].includes(getComputedStyle(e).overflowY);
    const scrolls = e => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
    const cuts = e => ["hidden", "clip"].includes(getComputedStyle(e).overflowX) && e.localName !== "input";
    const say = (what, text) => faults.push(`${what}: ${text.trim().slice(0, 40)}`);

    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) say("the page scrolls sideways", `${page.scrollWidth} > ${page.clientWidth}`);

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
        if (inside(element, hiddenForEyes) || inside(element, e => e.matches(".skip-link, option"))) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = inside(element, e => getComputedStyle(e).display !== "inline").getBoundingClientRect();
        for (const line of range.getClientRects()) {
            const pane = inside(element, scrollsDown)?.getBoundingClientRect();
            if (line.width < 1 || (pane && (line.bottom > pane.bottom + 1 || line.top < pane.top - 1))) continue;
            if (line.left < box.left - 2 || line.right > box.right + 2) say("sticks out of its box", node.data);
            if (!inside(element, scrolls) && (line.left < -1 || line.right > page.clientWidth + 1)) say("beyond the page", node.data);
            const cutter = inside(element, cuts);
            if (cutter) {
                const edge = cutter.getBoundingClientRect();
                if (line.right > edge.right + 1 || line.bottom - line.height / 4 > edge.bottom) say("cut off", node.data);
            }
            const quarter = line.height / 4;
            lines.push({node, left: line.left, right: line.right, top: line.top + quarter, bottom: line.bottom - quarter});
        }
    }
    lines.sort((a, b) => a.top - b.top);
    for (let i = 0; i < lines.length; i++) {
        for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom - 1; j++) {
            const [a, b] = [lines[i], lines[j]];
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1) say(`lies on “${a.node.data.trim().slice(0, 20)}”`, b.node.data);
        }
    }
    return [...new Set(faults)];
}
"""


def faults(page):
    """Each fault of the page's layout as a sentence, with the text that shows it.

    The window is first made as high as the page, so that nothing sticky lies over anything.
    """
    size = page.viewport_size
    page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight")})
    found = page.evaluate(FAULTS)
    page.set_viewport_size(size)
    return found
