// The search page. searchindex.js gives PAGES: what each page says, place by place. Nothing is fetched.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const MOST = 40; // results shown
  const NEAR = 100; // results that are read for the words side by side
  const LONGEST = 260; // characters shown of a place
  const FEW = 9; // words: less is no sentence
  const BETWEEN = /[\s\p{Z}\p{P}\p{S}]+/u;
  const HUMP = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

  const SAYING_NOTHING = new Set("a an and are as at be by for from in is it of on or that the to with".split(" "));

  const simple = (word) => word.normalize("NFKC").toLowerCase();
  const words = (text) => text.split(BETWEEN).filter(Boolean);
  /** BCEWithLogits is found by itself and by each of its parts. Most words come often: each is taken apart once. */
  const known = new Map();
  const forms = (word) => {
    if (!known.has(word)) known.set(word, [...new Set([word, ...word.split(HUMP)].map(simple))]);
    return known.get(word);
  };

  const places = PAGES.flatMap(({ page, title, places }) =>
    places.map((place) => ({ ...place, page, chapter: title })),
  ).map((place, id) => ({ ...place, id }));

  const index = new MiniSearch({
    fields: ["title", "chapter", "text", "code"],
    tokenize: words,
    processTerm: (word) => !SAYING_NOTHING.has(word) && forms(word),
    extractField: (place, field) => {
      if (field === "chapter" && place.title === place.chapter) return "";
      return Array.isArray(place[field]) ? place[field].join("\n") : place[field];
    },
    searchOptions: {
      processTerm: (word) => !SAYING_NOTHING.has(word) && simple(word),
      // A short word is meant as it is, unless it is the one that is being typed.
      prefix: (term, place, terms) => term.length > 4 || (term.length > 1 && place === terms.length - 1),
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      boost: { title: 4, chapter: 2, code: 0.5 },
      // A chapter, which has a number, explains what the appendices list.
      boostDocument: (id) => (/^\d/.test(places[id].chapter) ? 1 : 0.7),
    },
  });
  index.addAll(places);

  /** Places that have all words, or else some; those that have them side by side come first. */
  function find(query) {
    const phrase = words(query).map(simple).join(" ");
    const sideBySide = ({ title, text }) =>
      ` ${words([title, ...text].join(" ")).map(simple).join(" ")} `.includes(` ${phrase}`);
    const all = index.search(query, { combineWith: "AND" });
    const found = all.length ? all : index.search(query);
    const results = found.map(({ id, score, terms }, rank) => ({
      place: places[id],
      score: score * (phrase.includes(" ") && rank < NEAR && sideBySide(places[id]) ? 2 : 1),
      terms: new Set(terms),
    }));
    return { isComplete: all.length > 0, results: results.sort((one, other) => other.score - one.score) };
  }

  const isHit = (terms) => (word) => forms(word).some((form) => terms.has(form));
  const hits = (text, terms) => new Set(words(text).filter(isHit(terms)).map(simple)).size;
  /** The first of those that have most of the words. */
  const best = (texts, terms) => {
    const counts = texts.map((text) => hits(text, terms));
    return counts.indexOf(Math.max(...counts));
  };

  /** The sentences of a paragraph; an abbreviation ends none. */
  function split(paragraph) {
    const sentences = [];
    for (const { segment } of new Intl.Segmenter("en", { granularity: "sentence" }).segment(paragraph)) {
      const before = sentences.at(-1) ?? "";
      if (/\b(?:Fig|al|cf|e\.g|i\.e)\. *$/.test(before)) sentences.splice(-1, 1, before + segment);
      else sentences.push(segment);
    }
    return sentences;
  }

  /** The sentence that says most about it, and those after it while there is room. */
  function excerpt({ text, code }, terms) {
    const lines = code.join("\n").split("\n");
    const inText = text.length && hits(text[best(text, terms)], terms);
    if (!inText && hits(code.join("\n"), terms)) return { text: lines[best(lines, terms)].trim(), isCode: true };
    if (!text.length) return { text: "", isCode: false };
    const at = best(text, terms);
    const sentences = split(text[at]);
    const start = best(sentences, terms);
    let shown = sentences[start];
    for (const next of sentences.slice(start + 1)) {
      if ((shown + next).length > LONGEST) break;
      shown += next;
    }
    return { text: shorten(withNeighbours(shown.trim(), text, at), terms), isCode: false };
  }

  /** A label or a row of a table says little alone: what follows is added, or else what goes before. */
  function withNeighbours(shown, text, at) {
    for (let next = at + 1; words(shown).length < FEW && next < text.length; next++) shown += " " + text[next];
    for (let last = at - 1; words(shown).length < FEW && last >= 0; last--) shown = text[last] + " " + shown;
    return shown;
  }

  /** A long sentence, from a little before the first hit. */
  function shorten(sentence, terms) {
    if (sentence.length <= LONGEST) return sentence;
    const parts = sentence.split(" ");
    const first = Math.max(
      parts.findIndex((part) => words(part).some(isHit(terms))),
      0,
    );
    const before = parts.slice(0, first).join(" ").length < LONGEST / 2 ? 0 : first - 8;
    let shown = parts.slice(before).join(" ");
    if (shown.length > LONGEST) shown = shown.slice(0, shown.lastIndexOf(" ", LONGEST)) + " …";
    return (before ? "… " : "") + shown;
  }

  /** An element with its class and what is in it. */
  function make(tag, name, ...inside) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...inside);
    return element;
  }

  /** The text with its hits marked. */
  const marked = (text, terms) =>
    text.split(/([\s\p{Z}\p{P}\p{S}]+)/u).map((part) => (isHit(terms)(part) ? make("mark", "", part) : part));

  function item({ place, terms }) {
    const link = make("a", "", ...marked(place.title || place.chapter, terms));
    const root = document.documentElement.dataset.content_root || "";
    link.href = `${root}${place.page}.html` + (place.anchor && `#${place.anchor}`);
    const chapter = place.title && place.title !== place.chapter ? [make("p", "found-in", place.chapter)] : [];
    const { text, isCode } = excerpt(place, terms);
    const said = make("p", "context", ...(isCode ? [make("code", "", ...marked(text, terms))] : marked(text, terms)));
    return make("li", "", link, ...chapter, ...(text ? [said] : []));
  }

  /** How many there are, and whether they have all that was asked for. */
  function summary(number, isComplete, query) {
    if (!number) return `Nothing was found: no text has “${query}”, or a word like it.`;
    const found = `Found ${number} ${number === 1 ? "place" : "places"}`;
    const which = isComplete ? "" : " that have some of these words; none has all";
    return found + which + (number > MOST ? `. These ${MOST} fit best.` : ".");
  }

  function show(query) {
    const isEmpty = !words(query).length;
    const { isComplete, results } = isEmpty ? { isComplete: true, results: [] } : find(query);
    list.replaceChildren(...results.slice(0, MOST).map(item));
    status.textContent = isEmpty ? "" : summary(results.length, isComplete, query);
  }

  const field = document.querySelector("main form.bd-search input");
  const status = document.querySelector("#search-results .search-summary");
  const list = document.querySelector("#search-results ul.search");
  const query = new URLSearchParams(location.search).get("q") ?? "";
  field.value = query;
  show(query);
  if (!query) field.focus();
  field.addEventListener("input", () => {
    show(field.value);
    // A page from disk may not change its address.
    if (location.protocol !== "file:") history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`);
  });
});
