// Shows the fields of one language at a time. Without scripts all of them stand in the form.
(() => {
  "use strict";

  const STORE = "admin-form-language";

  document.addEventListener("DOMContentLoaded", () => {
    const bar = document.querySelector(".form-languages");
    if (!bar) return;
    const form = bar.closest("form");

    // modeltranslation names the fields: class "mt-field-<name>-<language>".
    for (const field of form.querySelectorAll("[class*='mt-field-']")) {
      const language = /mt-field-\S*-([a-z]{2})(?:\s|$)/.exec(field.className)?.[1];
      if (!language) continue;
      const cell = field.closest("td");
      const box = cell ?? field.closest(".fieldBox") ?? field.closest(".form-row");
      if (!box) continue;
      box.dataset.fieldLanguage = language;
      const name = [...box.classList].find((one) => one.startsWith("field-"))?.slice(6);
      if (cell && name) {
        const head = cell.closest("table").querySelector(`th.column-${CSS.escape(name)}`);
        if (head) head.dataset.fieldLanguage = language;
      }
    }
    if (!form.querySelector("[data-field-language]")) return;

    const both = document.createElement("button");
    both.type = "button";
    both.dataset.language = "both";
    both.textContent = bar.dataset.both;
    bar.append(both);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", bar.dataset.legend);
    const buttons = [...bar.querySelectorAll("button")];

    function show(language) {
      form.dataset.showLanguage = language;
      for (const button of buttons) {
        button.setAttribute("aria-pressed", String(button.dataset.language === language));
      }
    }
    for (const button of buttons) {
      const { language } = button.dataset;
      const errors = form.querySelector(
        `[data-field-language="${language}"] .errorlist, [data-field-language="${language}"].errors`
      );
      button.classList.toggle("has-errors", Boolean(errors));
      button.addEventListener("click", () => {
        show(language);
        try {
          localStorage.setItem(STORE, language);
        } catch {
          // private windows may refuse: the choice then lasts for this page
        }
      });
    }

    let wanted = null;
    try {
      wanted = localStorage.getItem(STORE);
    } catch {
      // see above
    }
    if (!buttons.some((button) => button.dataset.language === wanted)) {
      wanted = document.documentElement.lang.slice(0, 2);
    }
    const faulty = buttons.filter((button) => button.classList.contains("has-errors"));
    if (faulty.length && !faulty.some((button) => button.dataset.language === wanted)) {
      wanted = faulty.length > 1 ? "both" : faulty[0].dataset.language;
    }
    show(buttons.some((b) => b.dataset.language === wanted) ? wanted : "both");
    bar.hidden = false;
  });
})();
