// Names for screen readers where the autocomplete's own search field has none.
window.addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const search = select.nextElementSibling?.querySelector(".select2-search__field");
    if (label && search) search.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
  }
});
