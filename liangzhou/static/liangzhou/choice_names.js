// Names the choices by typing as their labels do; select2 itself tells a screen reader only the value.
"use strict";
{
    const nameOf = select => {
        const label = select.labels.length ? select.labels[0].textContent.trim().replace(/[:：]$/, "") : "";
        return select.getAttribute("aria-label") || label;
    };
    const nameAll = root => {
        for (const select of root.querySelectorAll("select.admin-autocomplete.select2-hidden-accessible")) {
            for (const box of select.nextElementSibling.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
                box.removeAttribute("aria-labelledby");
                box.setAttribute("aria-label", nameOf(select));
            }
        }
    };
    django.jQuery(() => nameAll(document)); // after autocomplete.js, which asked jQuery first
    document.addEventListener("formset:added", event => nameAll(event.target));
    document.addEventListener("focusin", event => {
        const select = document.querySelector("select.admin-autocomplete:has(+ .select2-container--open)");
        if (select && event.target.matches(".select2-search__field")) {
            event.target.setAttribute("aria-label", nameOf(select));
        }
    });
}
