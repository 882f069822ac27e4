// Drawings: a button for the browser's own printing, and the box begins where the top unit stands.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelectorAll(".drawing-box").forEach((box) => {
  const top = box.querySelector(".is-top");
  if (!top || box.scrollWidth <= box.clientWidth) return;
  const place = top.getBoundingClientRect();
  const room = box.getBoundingClientRect();
  box.scrollLeft += place.left + place.width / 2 - room.left - room.width / 2;
});
