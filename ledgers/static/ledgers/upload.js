// Says that a file is too large before it is sent; the server says the same afterwards.
"use strict";

const input = document.querySelector("input[type=file][data-largest]");

input?.addEventListener("change", () => {
    const tooLarge = [...input.files].some(file => file.size > Number(input.dataset.largest));
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
    input.reportValidity();
});
