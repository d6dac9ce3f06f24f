// What readers mean by the words they look for, as scorecard/report/finding.py says it for pages without JavaScript.

import table from "../../find_words.json";

const LEAST_STEM = 4;
const LEAST_MISTYPED = 5;
const MOST_WORDS_ALIKE = 7;

// As the server folds what it looks through (indicators/calculations/folding.py): O’Brien is O'Brien, and Siân is Sian.
const ALIKE = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i" };
export const folded = (text) =>
  text
    .toLowerCase()
    .replace(/[‘’‛′ʹʼ`´＇]/g, "'")
    .replace(/[‐‑‒–—−]/g, "-")
    .replace(/[ßæœþøłđðħı]/g, (letter) => ALIKE[letter])
    .normalize("NFKD")
    .replace(/[\p{M}\u00ad\u200b-\u200d\u2060\ufeff]/gu, "");

const wordsOf = (text) => text.split(/\s+/).filter(Boolean);
const joined = (text) => text.replace(/[-']/g, "");
const plain = (text) =>
  text
    .replace(/'s(?![a-z0-9])/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

function stem(word) {
  if (Object.hasOwn(table.forms, word)) return table.forms[word];
  let left = word;
  if (left.length >= LEAST_STEM && /[^sui]s$/.test(left) && !/[0-9]/.test(left)) left = left.slice(0, -1);
  const ending = table.endings.find((one) => left.endsWith(one) && left.length - one.length >= LEAST_STEM) ?? "";
  left = left.slice(0, left.length - ending.length);
  return left.length > LEAST_STEM && /([b-df-hj-np-tv-z])\1$|e$/.test(left) ? left.slice(0, -1) : left;
}

const stems = (phrase) => wordsOf(plain(folded(phrase))).map(stem);
const key = (phrase) => stems(phrase).join(" ");

function pattern(member) {
  const found = stems(member);
  const parts = found.map((one) => (one.length < LEAST_STEM ? one : `${one}[^ ]*`));
  const isUpper = member === member.toUpperCase() && member !== member.toLowerCase();
  const isShort = found.at(-1).length < LEAST_STEM || (found.length === 1 && isUpper);
  return new RegExp(` ${[...parts.slice(0, -1), isShort ? `${found.at(-1)}s?[0-9]*(?= )` : parts.at(-1)].join(" ")}`, "u");
}

// Names are looked through anywhere in a word, texts from the beginning of a word.
export function lineText(names, texts) {
  const whole = folded(`${names} ${texts}`);
  return { names: folded(names), words: ` ${plain(whole)} ${plain(joined(whole))} ` };
}

// The words for which it can stand, but for the first letter.
function mistyped(typed) {
  const word = typed.replace(/s$/, "");
  const letters = [...word];
  if (letters.length < LEAST_MISTYPED || plain(word) !== word) return /(?!)/g;
  const part = (from, to) => letters.slice(from, to).join("");
  const places = [...letters.keys()].slice(1);
  const ways = [
    ...places.map((place) => `${part(0, place)}[^ ]?${part(place + 1)}`),
    ...places.map((place) => `${part(0, place)}[^ ]${part(place)}`),
    ...places.slice(0, -1).map((place) => `${part(0, place)}${letters[place + 1]}${letters[place]}${part(place + 2)}`),
  ];
  return new RegExp(` ((?:${ways.join("|")})s?)(?= )`, "gu");
}

// `texts` are all lines: a word that is in none of them is read as those that differ from it by a letter.
export function search(typed, shortForms = [], texts = []) {
  const groups = [...table.alike, ...shortForms];
  const alike = new Map();
  for (const group of groups) {
    for (const member of group) alike.set(key(member), [...(alike.get(key(member)) ?? []), ...group]);
  }
  const terms = [];
  for (let words = wordsOf(folded(typed)); words.length; ) {
    let length = Math.min(MOST_WORDS_ALIKE, words.length);
    while (length > 1 && !alike.has(key(words.slice(0, length).join(" ")))) length -= 1;
    const run = words.slice(0, length);
    words = words.slice(length);
    let meant = [...new Set(alike.get(key(run.join(" "))) ?? [])].map(pattern);
    const ways = run.map((word) => ({
      word,
      starts: [plain(word), plain(joined(word))].filter(Boolean),
      form: stems(word).length ? new RegExp(` ${stems(word).join("[^ ]* ")}`, "u") : /(?!)/,
    }));
    const occurs = (text) =>
      meant.some((one) => one.test(text.words)) ||
      ways.every(({ word, starts, form }) =>
        text.names.includes(word) || starts.some((one) => text.words.includes(` ${one}`)) || form.test(text.words));
    if (!meant.length && texts.length && !texts.some(occurs)) {
      const known = [...texts.map((text) => text.words), ...groups.flat().map(folded)].join(" ");
      const near = new Set([...` ${known} `.matchAll(mistyped(run[0]))].map((found) => found[1]));
      meant = [...new Set([...near].flatMap((one) => alike.get(key(one)) ?? [one]))].map(pattern);
    }
    terms.push(occurs);
  }
  return (text) => terms.every((occurs) => occurs(text));
}
