// Makes static/built/ from static/src/: scss/app.scss and paper.scss become style sheets, each js/*.js a bundle of its own, img/ is copied.
// Run by scripts/setup whenever a source changes; by hand: make setup.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const source = "static/src";
const built = "static/built";

// static/src/palette.json as Sass's "palette": scripts and Python read the same file.
const colours = Object.entries(JSON.parse(readFileSync(`${source}/palette.json`, "utf8")));
const palette = {
  canonicalize: (address) => (address === "palette" ? new URL("palette:") : null),
  load: () => ({ syntax: "scss", contents: colours.map(([name, colour]) => `$${name}: ${colour};`).join("\n") }),
};

// app.css is for pages, signed_in.css beside it for those of people, paper.css for the PDF alone.
const sheets = ["app", "signed_in", "paper"].map((name) => ({
  path: join(built, `${name}.css`),
  text: sass.compile(`${source}/scss/${name}.scss`, {
    loadPaths: ["node_modules"],
    importers: [palette],
    style: "compressed",
    charset: false,
    quietDeps: true,
  }).css,
}));

// A council may use the patterns of GOV.UK, but not its typeface or crown; and a url() would need a file nobody copies.
for (const unwanted of ["@font-face", "GDS Transport", "govuk-crest", "/assets/", "sourceMappingURL"]) {
  if (sheets.some(({ text }) => text.includes(unwanted))) {
    console.error(`static/src/scss: a style sheet contains "${unwanted}", which it must not.`);
    process.exit(1);
  }
}

const scripts = readdirSync(`${source}/js`).filter((name) => name.endsWith(".js"));
const bundles = await esbuild.build({
  entryPoints: scripts.map((name) => `${source}/js/${name}`),
  outdir: built,
  bundle: true,
  format: "esm",
  target: "es2020",
  minify: true,
  sourcemap: false,
  legalComments: "none",
  write: false,
  logLevel: "warning",
});

rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });
const files = [...sheets, ...bundles.outputFiles];
for (const { path, text } of files) {
  writeFileSync(path, text);
}
if (existsSync(`${source}/img`)) {
  cpSync(`${source}/img`, `${built}/img`, { recursive: true });
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
for (const { path, text } of files) {
  const name = path.split(/[\\/]/).pop();
  console.log(`    ${name}: ${kilobytes(Buffer.byteLength(text))}, ${kilobytes(gzipSync(text).length)} compressed`);
}
