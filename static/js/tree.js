// The tree of units: opens and closes all branches, and filters a whole tree while one types.
(() => {
  const tree = document.querySelector(".tree");
  const form = document.querySelector(".tree-tools");
  if (!tree || !form) return;
  const branches = [...tree.querySelectorAll("details")];

  const buttons = form.querySelectorAll("[data-tree]");
  if (branches.length > 1) {
    buttons.forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const open = button.dataset.tree === "open";
        branches.forEach((branch) => { branch.open = open; });
      });
    });
  }
  if (!("whole" in tree.dataset)) return; // a cut tree is filtered by the server

  // As publishing.text.fold: ASCII letters and digits, the rest a blank.
  const letters = { ə: "e", ı: "i", ö: "o", ü: "u", ç: "c", ş: "s", ğ: "g" };
  const fold = (text) => text.replace(/[İI]/g, "i").toLowerCase().replace(/[əıöüçşğ]/g, (l) => letters[l])
    .normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();

  const rows = [...tree.querySelectorAll("li")].filter((item) => item.querySelector(":scope > .tree-row")).map((item) => {
    const row = item.querySelector(":scope > .tree-row");
    const name = [...row.querySelectorAll(":scope > a:not(.more), :scope > .muted")]
      .map((part) => part.textContent).join(" ");
    return { item, texts: [fold(name), fold(name.replace(/[əƏ]/g, "a"))] };
  });
  const folds = [...tree.querySelectorAll(".tree-unsure")];
  const before = branches.map((branch) => branch.open);
  const input = form.querySelector("input[type=search]");
  const status = document.querySelector(".tree-status");

  const filter = () => {
    const words = fold(input.value).split(" ").filter(Boolean);
    if (!words.length) {
      folds.forEach((fold) => { fold.hidden = false; });
      rows.forEach(({ item }) => { item.hidden = false; item.classList.remove("hit"); });
      branches.forEach((branch, index) => { branch.open = before[index]; });
      status.textContent = "";
      return;
    }
    let hits = 0;
    rows.forEach(({ item, texts }) => {
      const hit = words.every((word) => texts.some((text) => text.includes(word)));
      item.classList.toggle("hit", hit);
      item.hidden = !hit;
      hits += hit;
    });
    folds.forEach((fold) => { fold.hidden = true; });
    tree.querySelectorAll("li.hit").forEach((item) => {
      for (let up = item.parentElement; up !== tree; up = up.parentElement) {
        if (up.tagName === "LI") up.hidden = false;
        if (up.tagName === "DETAILS") up.open = true;
      }
    });
    status.textContent = hits === 0 ? status.dataset.none
      : hits === 1 ? status.dataset.one : `${hits} ${status.dataset.many}`;
  };
  input.addEventListener("input", filter);
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
})();
