// The region builder: one choice, shown on the map, in the list, in totals and in the address.
const REGIONS = "a.region, path.region"; // shapes of a map with very many regions are bare
const numbers = new Intl.NumberFormat(document.documentElement.lang || "en");

export function prepareBuilder(root) {
  if (root.dataset.ready) return;
  root.dataset.ready = "yes";
  const boxes = new Map(
    [...root.querySelectorAll("input[name=pick]")].map((box) => [box.value, box]),
  );
  const shapes = new Map(
    [...root.querySelectorAll(REGIONS)].map((shape) => [shape.dataset.region, shape]),
  );
  for (const [code, shape] of shapes) {
    shape.setAttribute("role", "checkbox");
    const name = boxes.get(code)?.nextElementSibling.textContent;
    if (name && !shape.hasAttribute("aria-label")) shape.setAttribute("aria-label", name);
  }
  const chosen = () => [...boxes.values()].filter((box) => box.checked);

  const show = () => {
    const picked = chosen();
    const codes = picked.map((box) => box.value).sort();
    const sum = (name) => picked.reduce((total, box) => total + Number(box.dataset[name]), 0);
    const totals = { regions: codes.length, jobs: sum("jobs"), places: sum("places"), people: sum("people") };
    for (const place of root.querySelectorAll("[data-total]"))
      place.textContent = numbers.format(totals[place.dataset.total]);
    for (const [code, shape] of shapes) {
      const here = boxes.get(code)?.checked ?? false;
      shape.classList.toggle("is-picked", here);
      shape.setAttribute("aria-checked", String(here));
    }
    for (const field of root.querySelectorAll("[data-regions]")) field.value = codes.join(",");
    const name = root.querySelector("[data-name]").value.trim();
    for (const field of root.querySelectorAll("[data-name-copy]")) field.value = name;
    const many = codes.length > Number(root.dataset.most);
    const refusal = root.querySelector("[data-refusal]");
    refusal.hidden = !many;
    refusal.textContent = many ? root.dataset.tooMany : "";
    root.querySelector("[data-result]").disabled = many || !codes.length;
    chips(picked);
    if (!many) history.replaceState(null, "", address(codes, name));
  };

  const address = (codes, name) => {
    const { base, year, definition } = root.dataset;
    const parts = [];
    if (codes.length) parts.push(`regions=${codes.map(encodeURIComponent).join(",")}`);
    if (name) parts.push(`name=${encodeURIComponent(name).replaceAll("%20", "+")}`);
    parts.push(`year=${year}`);
    if (definition) parts.push(`definition=${encodeURIComponent(definition)}`);
    return `${base}?${parts.join("&")}`;
  };

  const list = root.querySelector("[data-chips]");
  const chips = (picked) =>
    list.replaceChildren(
      ...picked.map((box) => {
        const name = box.nextElementSibling.textContent;
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
        button.setAttribute("aria-label", `${list.dataset.remove} ${name}`);
        button.dataset.chip = box.value;
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );

  const toggle = (code) => {
    const box = boxes.get(code);
    if (!box) return;
    box.checked = !box.checked;
    show();
  };
  root.querySelector("svg.map")?.addEventListener("click", (event) => {
    const shape = event.target.closest(REGIONS);
    if (!shape || event.defaultPrevented) return;
    event.preventDefault();
    toggle(shape.dataset.region);
  });
  root.querySelector("svg.map")?.addEventListener("keydown", (event) => {
    const shape = event.target.closest(REGIONS);
    const bare = shape?.matches("path") && event.key === "Enter";
    if (!shape || (event.key !== " " && !bare)) return;
    event.preventDefault();
    toggle(shape.dataset.region);
  });
  list.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-chip]");
    if (!chip) return;
    event.preventDefault();
    toggle(chip.dataset.chip);
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("input[name=pick], [data-name]")) show();
  });
  root.querySelector("[data-clear]").addEventListener("click", () => {
    for (const box of chosen()) box.checked = false;
    show();
  });
  const filter = root.querySelector("[data-filter]");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  filter?.addEventListener("input", () => {
    const wanted = plain(filter.value.trim());
    for (const part of root.querySelectorAll(".pick-groups details")) {
      let any = false;
      for (const item of part.querySelectorAll("li")) {
        const fits = !wanted || plain(item.textContent).includes(wanted);
        item.hidden = !fits;
        any ||= fits;
      }
      part.hidden = !any;
      part.open = Boolean(wanted) && any;
    }
  });
  for (const [code, shape] of shapes)
    shape.setAttribute("aria-checked", String(boxes.get(code)?.checked ?? false));
}
