// Suggestions under a search field: the combobox pattern of ARIA 1.2 with a list that the server
// renders. Enter without a chosen line submits the form as it would without scripts.
const WAIT = 120;
let count = 0;

const said = document.body.dataset; // words of the page, in its language

// "/" puts the cursor into the first search field, unless one is typing already.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("form[role=search] input[type=search], form[data-suggest] input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

export function prepareSearch(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  const input = form.querySelector("input[type=search]");
  const list = Object.assign(document.createElement("ul"), {
    className: "suggestions",
    id: `suggestions-${++count}`,
    hidden: true,
  });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", said.suggestions);
  const news = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  news.setAttribute("role", "status");
  form.append(list, news);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  })) input.setAttribute(name, value);

  let chosen = -1;
  let timer = 0;
  let asked = null;
  const options = () => [...list.querySelectorAll("[role=option]")];

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    const all = options();
    if (!all.length) return;
    chosen = (index + all.length) % all.length;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  };
  const open = (option) => {
    if (!option) return;
    if ("add" in form.dataset) {
      input.value = option.dataset.token;
      form.requestSubmit();
    } else if (option.dataset.href) location.assign(option.dataset.href);
  };

  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < 2) return close();
    asked = new AbortController();
    try {
      const address = `${form.dataset.suggest}?${new URLSearchParams({ q: text, ...(form.dataset.suggestKinds && { kinds: form.dataset.suggestKinds }) })}`;
      const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) return close();
      const page = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
      list.replaceChildren(...page.querySelectorAll("li"));
    } catch {
      return; // aborted by the next letter, or no network: the form still submits
    }
    options().forEach((option, place) => {
      option.id = `${list.id}-${place}`;
      option.setAttribute("aria-selected", "false");
    });
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const found = options().length;
    news.textContent = found ? `${said.found} ${found}` : said.nothing;
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void ask();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      open(options()[chosen]);
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus
  list.addEventListener("click", (event) => open(event.target.closest("[role=option]")));
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
}
