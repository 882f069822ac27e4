// Shows the question what a changed name or superior means as soon as it is changed, right under
// the field, and hides it when the field is set back. Without scripts it comes with the page.
(() => {
  "use strict";

  // What an input shows of a stored text: one line, without blanks at the ends.
  const shown = (text) => text.replace(/[\r\n]/g, "").trim();

  window.addEventListener("load", () => {
    for (const question of document.querySelectorAll(".since-when[data-stored]")) watch(question);
  });

  function watch(question) {
    const stored = new Map(Object.entries(JSON.parse(question.dataset.stored)));
    const form = question.closest("form");
    const fields = [...stored.keys()].map((name) => form.elements[name]).filter(Boolean);

    function update(event) {
      const changed = fields.filter((field) => shown(field.value) !== shown(stored.get(field.name)));
      if (changed.length && question.hidden) {
        const last = changed.find((field) => field === event?.target) ?? changed.at(-1);
        last.closest(".form-row").after(question);
      }
      question.hidden = !changed.length;
    }
    for (const field of fields) {
      if (field.localName !== "select") field.addEventListener("input", update);
      // select2 tells jQuery only.
      else window.django?.jQuery?.(field).on("change", update);
    }
    update();
  }
})();
