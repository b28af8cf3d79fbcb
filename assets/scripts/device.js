// What a reader keeps on this device: links with a name, in this browser only.
const MOST = 60;
const keyOf = (kind) => `cluster-atlas-${kind}`;

function kept(kind) {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(kind)) ?? "[]");
    return Array.isArray(found) ? found.filter((each) => each?.href?.startsWith("/")) : [];
  } catch {
    return [];
  }
}

function keep(kind, list) {
  try {
    localStorage.setItem(keyOf(kind), JSON.stringify(list.slice(0, MOST)));
    return true;
  } catch {
    return false; // storage is full or switched off: the link is still in the address
  }
}

export function prepareSaving(button) {
  if (button.dataset.ready) return;
  button.dataset.ready = "yes";
  button.addEventListener("click", () => {
    const href = location.pathname + location.search;
    const others = kept(button.dataset.save).filter((each) => each.href !== href);
    const done = keep(button.dataset.save, [{ name: button.dataset.saveName, href }, ...others]);
    if (done) button.textContent = button.dataset.savedWord;
  });
}

export function prepareSaved(section) {
  const kind = section.dataset.saved;
  const list = section.querySelector("[data-saved-list]");
  const show = () => {
    const found = kept(kind);
    section.hidden = !found.length;
    list.replaceChildren(
      ...found.map(({ name, href }) => {
        const link = Object.assign(document.createElement("a"), { href, textContent: name });
        const button = Object.assign(document.createElement("button"), {
          type: "button",
          className: "button small",
          textContent: list.dataset.remove,
        });
        button.setAttribute("aria-label", `${list.dataset.remove} ${name}`);
        button.addEventListener("click", () => {
          keep(kind, kept(kind).filter((each) => each.href !== href));
          show();
        });
        const item = document.createElement("li");
        item.append(link, " ", button);
        return item;
      }),
    );
  };
  show();
}
