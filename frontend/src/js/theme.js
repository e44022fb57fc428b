// Runs synchronously in <head>, so that no page flashes in the wrong theme.
import { cookie } from "./cookies.js";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const choice = cookie("theme") || root.dataset.theme || "auto";
  root.dataset.theme = choice;
  root.dataset.bsTheme = choice === "auto" ? (system.matches ? "dark" : "light") : choice;
}

apply();
root.classList.add("js");
// On a laptop a page with pictures of papers needs the width; whoever widens the navigation there keeps it wide.
const short = "roomy" in root.dataset && matchMedia("(min-width: 1100px) and (max-width: 1439.98px)").matches;
if (cookie("side") === "narrow" || (short && !cookie("side"))) root.dataset.side = "narrow";
system.addEventListener("change", apply);
document.addEventListener("carloan:theme", apply);
// Paper is white: grey text on black boxes is unreadable.
addEventListener("beforeprint", () => { root.dataset.bsTheme = "light"; });
addEventListener("afterprint", apply);
