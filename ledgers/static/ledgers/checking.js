// Presses "Go on checking" by itself until all rows are checked; without it the button does the same.
"use strict";

const form = document.getElementById("check");
const progress = document.getElementById("progress");
const told = document.getElementById("told");

async function checkSome() {
    const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: {Accept: "application/json"},
        redirect: "error",
    });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
}

async function checkAll() {
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
        for (let done = false; !done;) {
            const state = await checkSome();
            progress.value = state.checked;
            told.textContent = state.sentence;
            done = state.done;
        }
        location.reload();
    } catch {
        told.textContent = form.dataset.stopped;
        button.disabled = false;
    }
}

form.addEventListener("submit", event => {
    event.preventDefault();
    checkAll();
});
checkAll();
