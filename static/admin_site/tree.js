// The list of units as a tree: branches open in place, units are dragged, arrows move them.
// Everything here also works without scripts: the arrow leads to a list of the branch, the
// buttons send forms, "Place…" is a page.
(() => {
  "use strict";

  const OPEN = "admin-tree-open";

  // On forms: the old number says nothing about a new superior, so the unit becomes the last
  // there unless another number is typed; back under its own superior it keeps its number.
  // select2 tells jQuery only, and Django says "change" of every select when the page is ready,
  // though nobody has changed it.
  window.addEventListener("load", () => {
    const superior = document.getElementById("id_parent") ?? document.getElementById("id_superior");
    const position = document.getElementById("id_position");
    if (!superior || !position || !window.django?.jQuery) return;
    let chosen = superior.value;
    window.django.jQuery(superior).on("change", () => {
      if (superior.value === chosen) return;
      chosen = superior.value;
      const shown = document.getElementById("initial-id_position")?.value ?? "";
      position.value = chosen === position.dataset.superior ? shown : "";
    });
  });

  document.addEventListener("DOMContentLoaded", () => {
    const tree = document.getElementById("tree");
    if (!tree || !tree.classList.contains("is-tree")) return;
    const body = tree.querySelector("#result_list tbody");
    if (!body) return;
    const status = document.getElementById("tree-status");

    const branchOf = (row) => row.querySelector(".branch");
    const pkOf = (row) => branchOf(row)?.dataset.pk;
    const rowOf = (pk) => body.querySelector(`.branch[data-pk="${pk}"]`)?.closest("tr");
    const nameOf = (row) => row.querySelector(".branch-name").textContent.trim();
    const nameWith = (pk) => (rowOf(pk) ? nameOf(rowOf(pk)) : "");
    const childrenOf = (pk) =>
      [...body.querySelectorAll(`.branch[data-parent="${pk}"]`)].map((one) => one.closest("tr"));

    // --- opening and closing ---------------------------------------------------------------

    function remembered() {
      try {
        return new Set(JSON.parse(sessionStorage.getItem(OPEN) || "[]"));
      } catch {
        return new Set();
      }
    }
    function remember(pk, open) {
      const all = remembered();
      if (open) all.add(pk);
      else all.delete(pk);
      try {
        sessionStorage.setItem(OPEN, JSON.stringify([...all].slice(-500)));
      } catch {
        // a full or refused store: branches then open anew after each load
      }
    }

    function mark(toggle, open) {
      toggle.setAttribute("aria-expanded", String(open));
      toggle.firstElementChild.textContent = open ? "▾" : "▸";
    }

    function below(pk) {
      return childrenOf(pk).flatMap((row) => [row, ...below(pkOf(row))]);
    }

    function moreRow(pk) {
      return body.querySelector(`tr.branch-more[data-parent="${pk}"]`);
    }

    function close(row) {
      const pk = pkOf(row);
      for (const one of below(pk)) one.hidden = true;
      for (const one of [pk, ...below(pk).map(pkOf)]) {
        const more = moreRow(one);
        if (more) more.hidden = true;
      }
      mark(row.querySelector(".branch-toggle"), false);
    }

    function reveal(row) {
      const pk = pkOf(row);
      for (const child of childrenOf(pk)) {
        child.hidden = false;
        const toggle = child.querySelector(".branch-toggle");
        if (toggle?.getAttribute("aria-expanded") === "true") reveal(child);
      }
      const more = moreRow(pk);
      if (more) more.hidden = false;
      mark(row.querySelector(".branch-toggle"), true);
    }

    async function fetchRows(pk, page) {
      const address = new URL(location.pathname, location.href);
      address.searchParams.set("under", pk);
      if (page) address.searchParams.set("p", page);
      const response = await fetch(address, {
        headers: { "X-Requested-With": "branch" },
        credentials: "same-origin",
      });
      if (!response.ok || response.redirected) throw new Error(response.status);
      const page_ = new DOMParser().parseFromString(await response.text(), "text/html");
      const branch = page_.getElementById("tree-branch");
      return {
        rows: [...branch.querySelectorAll("#result_list tbody tr")],
        next: branch.dataset.next,
      };
    }

    async function load(row, page, after) {
      const pk = pkOf(row);
      const toggle = row.querySelector(".branch-toggle");
      toggle.setAttribute("aria-busy", "true");
      status.textContent = tree.dataset.loading;
      try {
        const { rows, next } = await fetchRows(pk, page);
        let last = after ?? row;
        for (const one of rows) {
          const fresh = document.importNode(one, true);
          if (rowOf(branchOf(fresh).dataset.pk)) continue;
          last.after(fresh);
          prepare(fresh);
          last = fresh;
        }
        if (next) addMore(row, next, last);
        status.textContent = "";
      } finally {
        toggle.removeAttribute("aria-busy");
      }
    }

    function addMore(row, next, last) {
      const line = document.createElement("tr");
      line.className = "branch-more";
      line.dataset.parent = pkOf(row);
      const cell = document.createElement("td");
      cell.colSpan = row.cells.length;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = tree.dataset.more;
      button.addEventListener("click", async () => {
        try {
          const before = line.previousElementSibling;
          line.remove();
          await load(row, next, before);
        } catch {
          say(tree.dataset.failed);
        }
      });
      cell.append(button);
      line.append(cell);
      last.after(line);
    }

    async function open(row) {
      if (!childrenOf(pkOf(row)).length) await load(row);
      reveal(row);
    }

    async function toggleRow(row) {
      const toggle = row.querySelector(".branch-toggle");
      if (!toggle) return;
      const pk = pkOf(row);
      if (toggle.getAttribute("aria-expanded") === "true") {
        close(row);
        remember(pk, false);
        remember(`closed:${pk}`, true);
        return;
      }
      try {
        await open(row);
        remember(pk, true);
        remember(`closed:${pk}`, false);
      } catch {
        location.href = toggle.href; // the plain way
      }
    }

    function prepare(row) {
      const toggle = row.querySelector(".branch-toggle");
      if (!toggle) return;
      toggle.setAttribute("role", "button");
      mark(toggle, childrenOf(pkOf(row)).length > 0);
    }

    body.addEventListener("click", (event) => {
      const toggle = event.target.closest(".branch-toggle");
      if (!toggle || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      toggleRow(toggle.closest("tr"));
    });
    // The arrow keys do what they do in every tree: right opens, left closes.
    body.addEventListener("keydown", (event) => {
      const row = event.target.closest("tr");
      const toggle = row?.querySelector(".branch-toggle");
      if (!toggle || !event.target.closest(".branch")) return;
      const isOpen = toggle.getAttribute("aria-expanded") === "true";
      const wanted =
        (event.key === "ArrowRight" && !isOpen) ||
        (event.key === "ArrowLeft" && isOpen) ||
        (event.key === " " && event.target === toggle);
      if (!wanted) return;
      event.preventDefault();
      toggleRow(row);
    });

    // --- moving ------------------------------------------------------------------------------

    function say(sentence) {
      let list = document.querySelector("ul.messagelist");
      if (!list) {
        list = document.createElement("ul");
        list.className = "messagelist";
        document.getElementById("content").before(list);
      }
      const line = document.createElement("li");
      line.className = "error";
      line.setAttribute("role", "alert");
      line.textContent = sentence;
      list.replaceChildren(line);
      line.scrollIntoView({ block: "nearest" });
    }

    const token = () => tree.closest("form")?.elements.csrfmiddlewaretoken.value
      ?? document.querySelector("[name=csrfmiddlewaretoken]").value;

    // Gives the question, as HTML, where the server has one; nothing otherwise.
    async function send(address, values) {
      let response;
      try {
        response = await fetch(address, {
          method: "POST",
          headers: { "X-Requested-With": "tree", "X-CSRFToken": token() },
          body: new URLSearchParams(values),
          credentials: "same-origin",
        });
      } catch {
        say(tree.dataset.failed);
        return null;
      }
      const answer = await response.json().catch(() => ({}));
      if (response.ok && answer.question) return answer.question;
      if (response.ok && answer.moved) location.reload();
      else say(answer.sentence || tree.dataset.failed);
      return null;
    }

    // What a new superior means is asked before the unit is moved. Left with Esc, nothing is.
    const dialog = document.getElementById("move-dialog");
    const firstQuestion = dialog?.querySelector(".since-when").outerHTML;

    function ask(unit, from, to, values) {
      const form = dialog.querySelector("form");
      const pose = (html) => {
        dialog.querySelector(".since-when").outerHTML = html;
      };
      dialog.querySelector(".move-dialog-unit").textContent = unit;
      dialog.querySelector(".move-dialog-from").textContent = from || dialog.dataset.top;
      dialog.querySelector(".move-dialog-to").textContent = to || dialog.dataset.top;
      pose(firstQuestion);
      form.onsubmit = async (event) => {
        event.preventDefault();
        const again = await send(tree.dataset.moveUrl, [
          ...Object.entries(values),
          ...new FormData(form),
        ]);
        if (!again) {
          dialog.close();
          return;
        }
        pose(again);
        dialog.querySelector("[aria-invalid], [name=looked_at]")?.focus();
      };
      form.querySelector("button[type=button]").onclick = () => dialog.close();
      dialog.showModal();
      dialog.querySelector(".since-when input:checked")?.focus();
    }

    document.addEventListener("click", (event) => {
      const stepButton = event.target.closest(".branch-step");
      if (stepButton) {
        event.preventDefault();
        send(stepButton.formAction, { direction: stepButton.value });
        return;
      }
      const undo = event.target.closest(".tree-undo");
      if (undo) {
        event.preventDefault();
        const address = new URL(undo.href);
        send(address.pathname, { token: address.searchParams.get("token") });
      }
    });

    if (tree.classList.contains("may-arrange")) arrangeByDragging();

    function arrangeByDragging() {
      let dragged = null;
      let goal = null; // {row, where}
      const hint = document.createElement("div");
      hint.className = "drop-hint";
      hint.hidden = true;
      document.body.append(hint);

      function forget() {
        goal?.row.classList.remove("drop-before", "drop-after", "drop-inside");
        goal = null;
        hint.hidden = true;
      }

      body.addEventListener("dragstart", (event) => {
        const handle = event.target.closest?.(".branch-handle");
        if (!handle) return;
        dragged = handle.closest("tr");
        dragged.classList.add("is-dragged");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", nameOf(dragged));
      });

      body.addEventListener("dragover", (event) => {
        if (!dragged) return;
        const row = event.target.closest("tr");
        if (!row || !branchOf(row)) return;
        if (row === dragged || below(pkOf(dragged)).includes(row)) {
          forget();
          return;
        }
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
        const box = row.getBoundingClientRect();
        const part = (event.clientY - box.top) / box.height;
        const where = part < 0.28 ? "before" : part > 0.72 ? "after" : "inside";
        if (goal?.row !== row || goal.where !== where) {
          forget();
          goal = { row, where };
          row.classList.add(`drop-${where}`);
          hint.textContent = tree.dataset[where].replace("%s", nameOf(row));
          hint.hidden = false;
        }
        hint.style.left = `${event.clientX + 16}px`;
        hint.style.top = `${event.clientY + 16}px`;
      });

      body.addEventListener("drop", (event) => {
        if (!dragged || !goal) return;
        event.preventDefault();
        const { row, where } = goal;
        const values = {
          unit: pkOf(dragged),
          target: pkOf(row),
          where,
          superior: branchOf(dragged).dataset.parent,
        };
        if (where === "inside") remember(pkOf(row), true);
        const superior = where === "inside" ? values.target : branchOf(row).dataset.parent;
        if ("asks" in branchOf(dragged).dataset && superior !== values.superior) {
          ask(nameOf(dragged), nameWith(values.superior), nameWith(superior), values);
        } else send(tree.dataset.moveUrl, values);
      });

      document.addEventListener("dragend", () => {
        dragged?.classList.remove("is-dragged");
        dragged = null;
        forget();
      });
    }

    // --- as it was -----------------------------------------------------------------------------

    (async () => {
      const all = remembered();
      for (const row of [...body.rows]) if (branchOf(row)) prepare(row);
      for (let index = 0; index < body.rows.length; index += 1) {
        const row = body.rows[index];
        const toggle = row.querySelector(".branch-toggle");
        if (!toggle) continue;
        const pk = pkOf(row);
        if (all.has(`closed:${pk}`)) close(row);
        else if (all.has(pk) && toggle.getAttribute("aria-expanded") !== "true") {
          try {
            await open(row);
          } catch {
            remember(pk, false);
          }
        }
      }
    })();
  });
})();
