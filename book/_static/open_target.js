// A link to a folded solution, or to a place inside it, opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") {
      part.open = true;
    }
  }
  target?.scrollIntoView();
}
window.addEventListener("load", openTarget);
window.addEventListener("hashchange", openTarget);
