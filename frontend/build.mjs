// Builds static_build/dist: app.css, capture.css, theme.js, app.js, upload.js, viewer.js, desk.js, verify.js, film.js, capture.js, stocktake.js and the icon sprite.
// Run from anywhere: node frontend/build.mjs. Django hashes and compresses the result (collectstatic).
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, "static_build", "dist");
const target = ["chrome109", "safari15.4", "firefox121"];

// Everything that can name a class or an icon: templates, and Python that renders markup.
const places = ["templates", "carloan", "archives", "collections", "compliance", "release"];

async function walk(folder, endings, found = []) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const entry of entries) {
    // The linked app folders under carloan/ are read once, at their real place.
    if (entry.isSymbolicLink() || entry.name === "__pycache__" || entry.name === "migrations") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, endings, found);
    else if (endings.some((ending) => entry.name.endsWith(ending))) found.push(path);
  }
  return found;
}

async function vendorCss(sources) {
  const sheet = await readFile(join(here, "node_modules/@tabler/core/dist/css/tabler.min.css"), "utf8");
  const content = [...sources, ...(await walk(join(here, "src"), [".js"]))];
  const [{ css }] = await new PurgeCSS().purge({
    content,
    css: [{ raw: sheet }],
    safelist: {
      standard: ["show", "fade", "collapsing", "collapsed", "disabled", "active", "is-invalid", "invalid-feedback", "was-validated"],
      greedy: [/^data-bs-/],
    },
    keyframes: true,
    fontFace: true,
  });
  // The manifest storage would look for the map file and fail.
  return css.replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
}

async function appCss(sources) {
  const own = await build({
    absWorkingDir: here, entryPoints: ["src/css/app.css"], bundle: true, minify: true, target, write: false,
  });
  const vendor = await transform(await vendorCss(sources), { loader: "css", minify: true, target });
  await writeFile(join(out, "app.css"), vendor.code + own.outputFiles[0].text);
}

async function iconSprite(sources) {
  const names = new Set();
  for (const path of sources) {
    const text = await readFile(path, "utf8");
    // {% icon "name" %}, icon="name" in Python, icon_name="name" in includes, and the default an include falls back to.
    for (const match of text.matchAll(/\bicon(?:_name)?(?:\s*=\s*|\s+|\|default:)["']([a-z0-9-]+)["']/g)) names.add(match[1]);
  }
  const set = JSON.parse(await readFile(join(here, "node_modules/@iconify-json/tabler/icons.json"), "utf8"));
  const symbols = [...names].sort().map((name) => {
    const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent];
    if (!icon) throw new Error(`No icon "${name}" in the Tabler set. Look at tabler.io/icons for its name.`);
    return `<symbol id="${name}" viewBox="0 0 24 24">${icon.body}</symbol>`;
  });
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  return names.size;
}

const started = performance.now();
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const sources = (await Promise.all(places.map((place) => walk(join(root, place), [".html", ".svg", ".py"])))).flat();
const [, , , icons] = await Promise.all([
  build({
    absWorkingDir: here, outdir: out, bundle: true, minify: true, format: "iife", target, legalComments: "none",
    entryPoints: ["theme", "app", "upload", "viewer", "desk", "passkey", "verify", "film", "capture", "stocktake"].map((name) => `src/js/${name}.js`), entryNames: "[name]",
  }),
  appCss(sources),
  build({ absWorkingDir: here, outdir: out, bundle: true, minify: true, target, entryPoints: ["src/css/capture.css"], entryNames: "[name]" }),
  iconSprite(sources),
]);
console.log(`static_build/dist built in ${Math.round(performance.now() - started)} ms (${icons} icons)`);
