import htmx from "htmx.org/dist/htmx.esm.js";
import "bootstrap/js/src/dropdown.js";
import "./net.js";
import "./shell.js";
import "./keys.js";
import "./palette.js";
import "./rows.js";
import "./values.js";
import "./send.js";
import "./takes.js";
import "./forms.js";
import "./settle.js";
import "./session.js";

window.htmx = htmx;
