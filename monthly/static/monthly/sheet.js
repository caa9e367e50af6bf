// Makes the month's sheet work like the one in Excel: keys, pasting, the month and the cumulative following each
// other. The server reckons and judges everything again; without this the page is a plain form.
"use strict";

const form = document.getElementById("sheet-form");
const told = document.getElementById("sheet-told");
const UNITS = {"亿元": 1e4, "亿": 1e4, "万元": 1, "万": 1, "元": 1e-4, "": 1};
const A_MINUTE = 60_000; // milliseconds
let heard = Date.now(); // when the server last heard of whoever sits here
let pasted = null; // what the last paste overwrote

const cells = row => [...row.querySelectorAll("[data-cell]")];
const cell = (row, name) => row.querySelector(`[data-cell="${name}"]`);
const rows = () => [...form.querySelectorAll("tr[data-row]")];

/** Yuan as a whole number, so that sums are exact; null for nothing typed, NaN for what is no amount. */
function read(text) {
    const normal = text.normalize("NFKC").replace(/、/g, ",").replace(/\s+/g, "").replace(/^\((.+)\)$/, "-$1");
    if (!normal) return null;
    const found = /^([-\u2212\u2013]?)(\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(亿元?|万元?|元)?$/.exec(normal);
    if (!found) return NaN;
    const yuan = Number(found[2].replace(/,/g, "")) * UNITS[found[3] ?? ""] * 1e4;
    return Math.round(yuan) * (found[1] ? -1 : 1);
}

const plain = yuan => (yuan / 1e4).toFixed(4).replace(/\.?0+$/, "");
const number = text => Math.round(Number(text) * 1e4);
const shown = yuan => {
    const [whole, decimals] = plain(yuan).split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals ? `.${decimals}` : "");
};

/** A fraction of whole numbers with two decimals, half up as the server rounds; never -0.00. */
function twoPlaces(over, under) {
    const doubled = over * 200n + (over < 0n ? -under : under), hundredths = doubled / (under * 2n);
    const digits = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, "0");
    return `${hundredths < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function follow(row, led) {
    const month = cell(row, "month"), cumulative = cell(row, "cumulative"), before = number(row.dataset.before || 0);
    const typed = read(led.value), other = led === month ? cumulative : month;
    if (typed === null) other.value = "";
    else if (!Number.isNaN(typed)) other.value = plain(led === month ? typed + before : typed - before);
}

function mark(input, wrong, doubt) {
    input.setAttribute("aria-invalid", wrong ? "true" : "false");
    input.classList.toggle("doubtful", !wrong && Boolean(doubt));
    input.title = wrong || doubt || "";
}

function look(row) {
    const month = cell(row, "month"), cumulative = cell(row, "cumulative"), plan = cell(row, "plan");
    const amount = read(month.value), sum = read(cumulative.value), usual = row.dataset.usual && number(row.dataset.usual);
    const changed = month.value !== month.dataset.was;
    const jumps = usual && amount > 0 && (amount > usual * 10 || amount * 10 < usual);
    const above = row.dataset.room !== "" && amount > 0 && amount > number(row.dataset.room);
    const doubt = above ? form.dataset.above : jumps ? form.dataset.jump : "";
    mark(month, Number.isNaN(amount) && form.dataset.unreadable, changed && doubt);
    mark(cumulative, Number.isNaN(sum) && form.dataset.unreadable, changed && amount < 0 && form.dataset.falls);
    mark(plan, Number.isNaN(read(plan.value)) && form.dataset.unreadable);
    const reason = cell(row, "reason");
    reason.classList.toggle("doubtful", changed && (doubt || amount < 0) && !reason.value.trim());
    reckon(row, sum, read(plan.value));
    row.classList.toggle("changed", cells(row).some(one => one.value !== one.dataset.was));
}

function reckon(row, sum, plan) {
    const base = row.dataset.last && number(row.dataset.last), known = Number.isFinite(sum);
    const target = Number.isFinite(plan) && plan > 0;
    const elsewhere = BigInt(number(row.dataset.elsewhere || 0)); // what a plan of all origins is measured by, too
    const say = (name, is, text) => {
        row.querySelector(`[data-out=${name}]`).textContent = known && is ? text(BigInt(sum)) : form.dataset.notKnown;
    };
    say("growth", base > 0, all => `${twoPlaces((all - BigInt(base)) * 100n, BigInt(base))}%`);
    say("completion", target, all => `${twoPlaces((all + elsewhere) * 100n, BigInt(plan))}%`);
    say("ahead", target, all => {
        const year = BigInt(plan), due = year * BigInt(form.dataset.pace);
        const points = twoPlaces(((all + elsewhere) * 12n - due) * 100n, year * 12n);
        return points.startsWith("-") ? points : `+${points}`;
    });
}

// The sums: what was there when the page was opened, and what was typed since
function sum() {
    const difference = name => rows().reduce((all, row) => {
        const one = cell(row, name === "cumulative" ? "month" : name);
        return one ? all + (read(one.value) || 0) - (read(one.dataset.was) || 0) : all;
    }, 0);
    const now = {};
    for (const total of form.querySelectorAll("[data-sum]")) {
        const name = total.dataset.sum, by = difference(name);
        total.dataset.was ??= total.textContent.replace(/,/g, "");
        const was = Number(total.dataset.was);
        now[name] = by || Number.isFinite(was) ? number(Number.isFinite(was) ? was : 0) + by : null;
        total.textContent = now[name] === null ? form.dataset.notKnown : shown(now[name]);
    }
    reckon(form.querySelector("[data-totals]"), now.cumulative, now.plan);
}

function changedRows() {
    return rows().filter(row => cells(row).some(one => one.value !== one.dataset.was));
}

function tell(sentence) {
    const wrong = form.querySelectorAll("tbody [aria-invalid=true]").length, count = changedRows().length;
    const parts = [sentence];
    if (count) parts.push(form.dataset.unsaved.replace("%(count)s", count));
    if (wrong) parts.push(form.dataset.wrong.replace("%(count)s", wrong));
    told.textContent = parts.filter(Boolean).join(" ");
}

function typed(input) {
    const row = input.closest("tr");
    if (input.dataset.cell === "month" || input.dataset.cell === "cumulative") follow(row, input);
    look(row);
}

// Moving

function step(input, down, across) {
    const row = input.closest("tr"), inRow = cells(row);
    if (across) return inRow[inRow.indexOf(input) + across];
    const column = [...form.querySelectorAll(`[data-cell="${input.dataset.cell}"]`)];
    return column[column.indexOf(input) + down];
}

function go(event, target) {
    event.preventDefault();
    if (!target) return;
    target.focus();
    target.select();
    target.scrollIntoView({block: "nearest", inline: "nearest"});
}

function atEdge(input, right) {
    const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (all) return true;
    if (input.selectionStart !== input.selectionEnd) return false;
    return right ? input.selectionEnd === input.value.length : input.selectionStart === 0;
}

function key(event) {
    const input = event.target;
    if (!input.matches("[data-cell]") || event.isComposing || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "z" && pasted) return takeBack(event);
    if (control) return;
    if (event.key === "ArrowDown") go(event, step(input, 1));
    else if (event.key === "ArrowUp") go(event, step(input, -1));
    else if (event.key === "Enter") go(event, step(input, event.shiftKey ? -1 : 1));
    else if (event.shiftKey) return;
    else if (event.key === "ArrowRight" && atEdge(input, true)) go(event, step(input, 0, 1));
    else if (event.key === "ArrowLeft" && atEdge(input, false)) go(event, step(input, 0, -1));
    else if (event.key === "Escape") {
        event.preventDefault();
        input.value = input.dataset.was;
        typed(input);
        input.select();
        changed();
    }
}

// Pasting

/** Copied cells as lines of texts. Excel puts a cell in quotes that has line breaks of its own. */
function block(text) {
    const lines = [[]], field = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/y;
    let found;
    do {
        found = field.exec(text);
        const quoted = found[1] !== undefined, escaped = quoted && /[\t\n]|""/.test(found[1]);
        const value = escaped ? found[1].replace(/""/g, '"') : quoted ? `"${found[1]}"` : found[2];
        lines.at(-1).push(value.replace(/\s+/g, " ").trim());
        if (found[3] === "\n") lines.push([]);
    } while (found[3]);
    return lines;
}

/** Fills the cells from `start` as the page shows them; what falls on one that takes nothing is left out. */
function lay(lines, start) {
    const all = rows(), first = all.indexOf(start.closest("tr")), column = start.closest("td").cellIndex;
    const before = new Map(), filled = [];
    let left = 0;
    lines.forEach((line, down) => line.forEach((value, across) => {
        const row = all[first + down], input = row?.cells[column + across]?.querySelector("[data-cell]");
        if (!input) return void (left += value !== "");
        for (const one of cells(row)) if (!before.has(one)) before.set(one, one.value);
        input.value = value;
        filled.push(input);
    }));
    return {before: [...before], filled, left};
}

/** The month or the cumulative follows where one of them was filled; what contradicts is for the server to say. */
function settle(row, filled) {
    const pair = filled.filter(one => ["month", "cumulative"].includes(one.dataset.cell));
    const leading = pair.length < 2 ? pair : pair.filter(one => one.value !== "");
    if (leading.length === 1) follow(row, leading[0]);
    look(row);
}

function paste(event) {
    const start = event.target;
    if (!start.matches("[data-cell]")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return; // one value: the browser's own pasting, with its own undoing
    event.preventDefault();
    const {before, filled, left} = lay(block(text), start);
    for (const row of new Set(filled.map(one => one.closest("tr")))) {
        settle(row, filled.filter(one => row.contains(one)));
    }
    pasted = before;
    stay();
    changed(form.dataset.pasted.replace("%(filled)s", filled.length).replace("%(left)s", left));
}

function takeBack(event) {
    event.preventDefault();
    for (const [input, value] of pasted) input.value = value;
    for (const row of new Set(pasted.map(([input]) => input.closest("tr")))) look(row);
    pasted = null;
    changed(form.dataset.undone);
}

function changed(sentence) {
    sum();
    tell(sentence);
}

/** Tells the server that somebody is at work: typing here asks nothing of it, and it signs out whoever is idle. */
async function stay() {
    if (Date.now() - heard < A_MINUTE) return;
    heard = Date.now();
    try {
        const headers = {"X-Requested-With": "XMLHttpRequest"};
        const answer = await fetch(form.dataset.stay, {headers, redirect: "manual"});
        if (answer.status === 401) tell((await answer.json()).sentence);
    } catch {
        // without a connection there is nothing to tell: saving says so
    }
}

// Only the rows that were changed are sent
function send(event) {
    const kept = new Set(changedRows());
    for (const row of rows()) {
        if (!kept.has(row)) for (const one of row.querySelectorAll("[name]")) event.formData.delete(one.name);
    }
}

if (form && told) {
    let sending = false;
    form.addEventListener("keydown", key);
    form.addEventListener("paste", paste);
    form.addEventListener("input", event => {
        if (!event.target.matches("[data-cell]")) return;
        sending = false; // was it sent, and stopped, there is something to lose again
        stay();
        pasted = null; // from here on the browser's own undoing is meant
        typed(event.target);
        changed();
    });
    form.addEventListener("submit", () => {
        sending = true;
    });
    form.addEventListener("formdata", send);
    document.addEventListener("keydown", event => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
            event.preventDefault();
            form.requestSubmit();
        }
    });
    addEventListener("beforeunload", event => {
        if (!sending && changedRows().length) event.preventDefault();
    });
    addEventListener("pageshow", event => {
        if (event.persisted) sending = false;
    });
    if (changedRows().length) changed();
    form.querySelector("tbody [aria-invalid=true]")?.focus();
}
