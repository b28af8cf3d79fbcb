/* Escape hides the meaning of a word without moving pointer or focus. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const said of document.querySelectorAll(".term-said")) {
    if (!said.checkVisibility()) continue;
    const term = said.parentElement;
    term.classList.add("is-dismissed");
    const back = () => term.classList.remove("is-dismissed");
    term.addEventListener("pointerleave", back, { once: true });
    term.addEventListener("focusout", back, { once: true });
  }
});
