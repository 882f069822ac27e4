// Shows below each date input how the server reads what is being typed. The page is complete
// without it: the same reading, or the error, comes with the saved or refused form.
(() => {
  "use strict";

  const PAUSE = 300; // milliseconds after the last key

  function outputOf(input) {
    const next = input.nextElementSibling;
    return next && next.matches("output.date-reading[data-reading-url]") ? next : null;
  }

  async function show(input, output) {
    const text = input.value;
    if (!text.trim()) {
      output.hidden = true;
      return;
    }
    const address = `${output.dataset.readingUrl}?${new URLSearchParams({ text })}`;
    let answer;
    try {
      const response = await fetch(address, { credentials: "same-origin" });
      if (!response.ok) return;
      answer = await response.json();
    } catch {
      return; // offline: saving will tell
    }
    if (input.value !== text) return; // an answer to an earlier text
    output.querySelector("span").hidden = !answer.ok; // "Understood as:" no error
    output.querySelector("b").textContent = answer.ok ? answer.display : answer.error;
    // From Old Style; nothing for most dates.
    output.querySelector("small").textContent = answer.conversion && ` ${answer.conversion}`;
    output.classList.toggle("date-reading-refused", !answer.ok);
    output.hidden = false;
  }

  const waiting = new WeakMap();
  // On the document, so that rows added to an inline formset are served too.
  document.addEventListener("input", (event) => {
    const output = outputOf(event.target);
    if (!output) return;
    clearTimeout(waiting.get(event.target));
    waiting.set(event.target, setTimeout(() => show(event.target, output), PAUSE));
  });
})();
