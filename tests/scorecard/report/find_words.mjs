// Answers, for each case of standard input, whether the page's script finds the line: see test_finding.py.
import { readFileSync } from "node:fs";
import * as esbuild from "esbuild";

const { outputFiles } = await esbuild.build({
  entryPoints: ["static/src/js/report/words.js"],
  bundle: true,
  format: "esm",
  write: false,
});
const { lineText, search } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([typed, names, texts, forms]) => {
  const line = lineText(names, texts);
  return search(typed, forms, [line])(line);
})));
