// Lines of text as people see them. A line box is taller than the letters in it, so its middle half is compared.
() => {
    const faults = [], lines = [];
    const inside = (element, test) => {
        while (element && !test(element)) element = element.parentElement;
        return element;
    };
    const hiddenForEyes = e => getComputedStyle(e).clipPath === "inset(50%)" || getComputedStyle(e).clip !== "auto";
    const scrollsDown = e => ["auto", "scroll"].includes(getComputedStyle(e).overflowY);
    const scrolls = e => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
    const cuts = e => ["hidden", "clip"].includes(getComputedStyle(e).overflowX) && e.localName !== "input";
    const say = (what, text) => faults.push(`${what}: ${text.trim().slice(0, 40)}`);

    const page = document.documentElement;
    const width = page.clientWidth;
    if (page.scrollWidth > width) say("the page scrolls sideways", `${page.scrollWidth} > ${width}`);

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
            if (!inside(element, scrolls) && (line.left < -1 || line.right > width + 1)) say("beyond the page", node.data);
            const quarter = line.height / 4, edge = inside(element, cuts)?.getBoundingClientRect();
            if (edge && (line.right > edge.right + 1 || line.bottom - quarter > edge.bottom)) say("cut off", node.data);
            const {left, right, top, bottom} = line;
            lines.push({text: node.data.trim(), left, right, top: top + quarter, bottom: bottom - quarter});
        }
    }
    lines.sort((a, b) => a.top - b.top);
    for (let i = 0; i < lines.length; i++) {
        for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom - 1; j++) {
            const [a, b] = [lines[i], lines[j]];
            const common = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            if (common > 1) say(`lies on “${a.text.slice(0, 20)}”`, b.text);
        }
    }
    return [...new Set(faults)];
}
