// Improves what already works: Escape closes the menu, "/" goes to the search box.
(() => {
  const menu = document.querySelector("details.menu");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu?.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  // Printing opens every branch, and closes again those that were closed.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    opened.forEach((branch) => { branch.open = true; });
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((branch) => { branch.open = false; });
    opened = [];
  });
})();
