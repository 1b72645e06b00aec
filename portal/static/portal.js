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
// An open group of the menu closes on a click elsewhere and on Escape.
const groups = () => document.querySelectorAll("header.top details[open]");
document.addEventListener("click", (event) => {
  groups().forEach((group) => { if (!group.contains(event.target)) { group.open = false; } });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") { return; }
  groups().forEach((group) => { group.open = false; group.querySelector("summary").focus(); });
});
const wrong = document.getElementById("loi") || document.querySelector("[aria-invalid=true]");
if (wrong) { wrong.focus(); wrong.scrollIntoView({ block: "center" }); }
