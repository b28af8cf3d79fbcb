// The map explorer beyond reading: the address stays short, the focus stays where it was, a click
// offers what can be done with a region, and the years play.
const STEP = 1800; // milliseconds a year is shown
let playing = 0;
let focused = "";
const done = { swap: false, history: false };

/** Before the view is exchanged: remember what had the focus. */
export function rememberFocus() {
  const { activeElement: active } = document;
  focused = active?.closest("#explorer") ? active.id : "";
}

export function prepareExplorer() {
  const explorer = document.getElementById("explorer");
  if (!explorer) return stop();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  focused = "";
  if (explorer.dataset.ready) return;
  explorer.dataset.ready = "yes";
  preparePlay(explorer);
}

/** When the view is exchanged and the address is in the history, whichever comes first. */
export function keepAddress(what) {
  done[what] = true;
  if (!done.swap || !done.history) return;
  done.swap = done.history = false;
  const explorer = document.getElementById("explorer");
  // what the form sends is long; what the view is called is short
  if (explorer) history.replaceState(history.state, "", explorer.dataset.here);
  // the choice was refused: the page at its address says why and what is near
  else if (!document.querySelector("main h1")) location.reload();
}

function preparePlay(explorer) {
  const button = explorer.querySelector("[data-play]");
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!button || quiet) return stop();
  button.hidden = false;
  const words = JSON.parse(explorer.querySelector("[data-words]")?.dataset.words || "{}");
  const show = () => {
    button.textContent = (playing ? words.stop : words.play) ?? button.textContent;
    button.setAttribute("aria-pressed", String(Boolean(playing)));
  };
  show();
  button.addEventListener("click", () => {
    if (playing) stop();
    else {
      playing = 1;
      step();
    }
    show();
  });
  if (playing) {
    clearTimeout(playing);
    playing = setTimeout(step, STEP);
  }
}

function stop() {
  clearTimeout(playing);
  playing = 0;
}

/** Choose the next year in the form, the first after the last. */
function step() {
  const form = document.querySelector("#explorer form.panel");
  const years = form ? [...form.querySelectorAll("input[name=year], select[name=year] option")] : [];
  if (!years.length) return stop();
  const now = years.findIndex((each) => each.checked || each.selected);
  const next = years[(now + 1) % years.length];
  if (next.localName === "option") next.selected = true;
  else next.checked = true;
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Pin a region, or take the pin away: the form sends it, the address keeps it. */
export function pin(svg, code) {
  const form = document.querySelector("#explorer form.panel");
  const field = form?.elements.namedItem("pin");
  if (!field) return;
  field.value = svg.dataset.pin === code ? "" : code;
  form.dispatchEvent(new Event("change", { bubbles: true }));
}
