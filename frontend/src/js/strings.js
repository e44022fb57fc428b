// Words for people come from the page (json_script "strings"), translated by the server.
const strings = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");

export function say(key, values = {}) {
  return (strings[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "").replaceAll("%%", "%");
}
