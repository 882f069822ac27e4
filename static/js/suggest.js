// Offers the best hits below a search box while somebody types. Without it, the box is a form.
// A combobox with a list box: the focus stays in the box, arrows choose, Enter follows the choice.
(() => {
  const SHORTEST = 2;
  const PAUSE = 180;
  let boxes = 0;

  for (const box of document.querySelectorAll("input[data-suggest]")) {
    const list = document.createElement("div");
    list.id = `suggestions-${(boxes += 1)}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", document.querySelector(`label[for="${box.id}"]`)?.textContent ?? box.name);
    list.hidden = true;
    box.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) box.setAttribute(name, value);

    let timer = 0;
    let asking = null;
    let chosen = -1;

    const options = () => [...list.children];

    const choose = (number) => {
      chosen = number;
      options().forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
      const option = options()[chosen];
      if (option) {
        box.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };

    const close = () => {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      box.setAttribute("aria-expanded", "false");
      choose(-1);
    };

    const offer = (hits) => {
      list.replaceChildren(...hits.map((hit, number) => {
        // The link itself is the option: it opens in a new tab like any other.
        const option = document.createElement("a");
        option.id = `${list.id}-${number}`;
        option.href = hit.url;
        option.tabIndex = -1;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const title = document.createElement("span");
        if (hit.lang) title.lang = hit.lang;
        for (const [text, found] of hit.title) {
          if (found) title.append(Object.assign(document.createElement("mark"), { textContent: text }));
          else title.append(text);
        }
        const kind = document.createElement("span");
        kind.className = "suggestion-kind";
        kind.textContent = hit.kind;
        option.append(title, kind);
        return option;
      }));
      choose(-1);
      list.hidden = !hits.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
    };

    const ask = async () => {
      const typed = box.value.trim();
      if (typed.length < SHORTEST) return close();
      asking?.abort();
      asking = new AbortController();
      const address = new URL(box.dataset.suggest, location.href);
      address.searchParams.set("q", typed);
      try {
        const answer = await fetch(address, { signal: asking.signal });
        if (!answer.ok) return close();
        const { hits } = await answer.json();
        if (document.activeElement === box) offer(hits);
      } catch {
        // Somebody typed on, or the network is away: the form still works.
      }
    };

    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    box.addEventListener("blur", close);
    // Keeps the focus in the box, so that the list is still there when the click arrives.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const count = list.hidden ? 0 : list.children.length;
      if (event.key === "Escape" && count) {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        if (count) choose(chosen + 1 < count ? chosen + 1 : -1);
        else ask();
      } else if (event.key === "ArrowUp" && count) {
        event.preventDefault();
        choose(chosen < 0 ? count - 1 : chosen - 1);
      } else if (event.key === "Enter" && count && chosen >= 0) {
        event.preventDefault();
        options()[chosen].click();
      }
    });
  }
})();
