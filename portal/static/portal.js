// Small helps only; every form works without them.
"use strict";
// A form is sent once: a second click while it is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 8000);
});
// After "back" the page may come from the browser's memory with its mark still set.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});
const wrong = document.getElementById("loi") || document.querySelector("[aria-invalid=true]");
if (wrong) { wrong.focus(); wrong.scrollIntoView({ block: "center" }); }
