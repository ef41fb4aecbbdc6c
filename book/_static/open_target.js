// A link to a folded solution, or to a place inside it, opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) {
    if (part.classList.contains("toggle-hidden")) {
      part.querySelector(".toggle-button").click();
    }
  }
  target?.scrollIntoView();
}
// By the "load" event sphinx-togglebutton has folded what is to be folded.
window.addEventListener("load", openTarget);
window.addEventListener("hashchange", openTarget);
