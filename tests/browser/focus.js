// What has the focus: its words, and what keeps it from being seen.
() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const style = getComputedStyle(element), box = element.getBoundingClientRect(), hidden = [];
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) hidden.push("no outline");
    const inWindow = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight + 1 && box.right <= innerWidth;
    if (!inWindow) hidden.push("out of the window");
    const seen = [...element.getClientRects()].some(rect => {
        const top = document.elementFromPoint(rect.left + rect.width / 2, rect.top + rect.height / 2);
        return top && (element.contains(top) || top.contains(element));
    });
    if (!seen) hidden.push("covered");
    return {words: element.getAttribute("aria-label") || element.innerText || element.name || element.id, hidden};
}
