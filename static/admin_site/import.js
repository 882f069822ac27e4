/* The progress of an import without reloading its page; the page does the same by itself. */
(() => {
  const box = document.getElementById("import-working");
  if (!box) return;
  const bar = document.getElementById("import-progress");
  const sentence = document.getElementById("import-sentence");
  const what = document.getElementById("import-what");

  async function look() {
    let found;
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) return location.reload();
      found = await answer.json();
    } catch {
      return setTimeout(look, 5000); // no network: the work goes on
    }
    if (!found.working) return location.reload();
    if (sentence.textContent !== found.sentence) sentence.textContent = found.sentence;
    sentence.classList.toggle("errornote", found.in_vain);
    if (found.total) {
      bar.max = found.total;
      bar.value = found.done;
    } else {
      bar.removeAttribute("value");
    }
    what.textContent = found.total ? `${found.what} ${found.done} / ${found.total}` : found.what;
    setTimeout(look, 1000);
  }

  setTimeout(look, 700);
})();
