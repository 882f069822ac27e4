// Shows the fields of one language at a time. Without scripts all of them stand in the form.
(() => {
  "use strict";

  const STORE = "admin-form-language";
  const ALL = "all";

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

    const all = document.createElement("button");
    all.type = "button";
    all.dataset.language = ALL;
    all.textContent = bar.dataset.all;
    bar.append(all);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", bar.dataset.legend);
    const buttons = [...bar.querySelectorAll("button")];

    function show(language) {
      for (const box of form.querySelectorAll("[data-field-language]")) {
        const hidden = language !== ALL && box.dataset.fieldLanguage !== language;
        box.classList.toggle("in-another-language", hidden);
      }
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
      wanted = faulty.length > 1 ? ALL : faulty[0].dataset.language;
    }
    show(buttons.some((b) => b.dataset.language === wanted) ? wanted : ALL);
    bar.hidden = false;
  });
})();
