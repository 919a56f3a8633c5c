// The text box: each tokenizer splits the text in a worker of its own, and each split is drawn.
// Everything is built from text, never from markup.
const WAIT = 40;
const SLOW = 10_000;
const LONGEST = 100_000;
const MOST_SHOWN = 3_000;
const NUMBER = new Intl.NumberFormat("en");

const counted = (count, noun) => `${NUMBER.format(count)} ${noun}${count === 1 ? "" : "s"}`;

const make = (tag, className, ...children) => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
};

const policy = self.trustedTypes?.createPolicy("tokstat-worker", { createScriptURL: (url) => url });
const program = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
const address = policy ? policy.createScriptURL(program) : program;

const read = (element) => JSON.parse(element.textContent);
const { text: initial, texts } = read(document.getElementById("playground"));
const [box, idsSwitch, specialSwitch] = ["text", "ids", "special"].map((id) => document.getElementById(id));
const announced = document.getElementById("counts");

// A space is a dot, and what cannot be seen is written as its code.
const MARKS = new Map([[" ", "\u00b7"], ["\n", "\u23ce"], ["\t", "\u21e5"]]);
const UNSEEN = /[\p{C}\p{Zs}\p{Zl}\p{Zp}]/u;
const written = (character) => MARKS.get(character) ?? `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}`;

const visible = (text) => {
  const parts = [];
  for (const character of /^\p{M}/u.test(text) ? `\u25cc${text}` : text) {
    if (UNSEEN.test(character)) parts.push(make("i", MARKS.has(character) ? "mark" : "", written(character)));
    else if (typeof parts.at(-1) === "string") parts.push(parts.pop() + character);
    else parts.push(character);
  }
  return parts;
};
const plain = (text) => visible(text).map((part) => part.textContent ?? part).join("");

const KINDS = {
  special: "special token", added: "added token", unknown: "unknown", partial: "bytes of a character",
};

class Splits {
  constructor(element, data) {
    this.data = read(data);
    data.remove();
    const find = (name) => element.querySelector(`.${name}`);
    [this.pieces, this.count, this.state, this.detail] = ["pieces", "count", "state", "detail"].map(find);
    this.name = element.querySelector("h2").textContent;
    this.element = element;
    this.shown = null;
    this.wanted = null;
    this.failed = [];
    this.checked = 0;
    this.pieces.addEventListener("keydown", (event) => this.move(event));
    this.pieces.addEventListener("focus", () => this.choose(this.active ?? this.pieces.querySelector("[role=option]")));
    this.pieces.addEventListener("blur", () => this.choose(null));
    this.pieces.addEventListener("pointerover", (event) => this.choose(event.target.closest("[role=option]")));
    this.pieces.addEventListener("pointerleave", () => this.choose(null));
    this.start();
  }

  start() {
    this.worker = new Worker(address);
    this.isLoaded = false;
    this.worker.onmessage = ({ data }) => this.take(data);
    this.worker.onerror = (event) => this.refuse(event.message);
    const { packed, scheme } = this.data;
    this.worker.postMessage({ packed, scheme });
  }

  // The box's text comes first, and a newer text replaces one that has not been begun.
  want(text) {
    this.wanted = text;
    if (this.isLoaded && this.running === undefined) this.next();
  }

  next() {
    if (this.wanted === null) return;
    this.running = this.wanted;
    this.wanted = null;
    this.watch = setTimeout(() => this.giveUp(), SLOW);
    this.worker.postMessage({ number: "box", text: this.running });
  }

  take(data) {
    if (data.loaded) {
      this.isLoaded = true;
      this.next();
      if (!this.checked) texts.forEach(([, text], number) => this.worker.postMessage({ number, text }));
    } else if (data.number === "box") {
      clearTimeout(this.watch);
      if (data.error) this.refuse(data.error);
      else {
        this.shown = { text: this.running, ...data };
        this.draw();
      }
      this.running = undefined;
      this.next();
    } else if (data.number === undefined) this.refuse(data.error);
    else this.check(data);
  }

  giveUp() {
    this.worker.terminate();
    this.running = undefined;
    this.pieces.replaceChildren();
    this.count.textContent = "";
    this.say("This text takes longer than 10 seconds to split. Shorten it.", "warning");
    this.start();
  }

  refuse(reason) {
    this.element.dataset.state = "failed";
    this.say(`The page cannot run this tokenizer (${reason}). Use tokstat encode.`, "warning");
  }

  check({ number, ids, whole, error }) {
    const equal = (a, b) => a?.length === b.length && a.every((id, at) => id === b[at]);
    if (error || !equal(ids, this.data.ids[number]) || !equal(whole, this.data.special_ids[number])) this.failed.push(texts[number][0]);
    this.checked += 1;
    if (this.checked < texts.length) return;
    this.element.dataset.state = this.failed.length ? "differs" : "checked";
    if (!this.failed.length) this.say(`checked: splits ${counted(texts.length, "text")} as tokstat does`);
    else this.say(`Splits differ from tokstat's for: ${this.failed.join(", ")}. Use tokstat encode.`, "warning");
  }

  say(text, kind = "") {
    this.state.className = `state ${kind}`;
    this.state.textContent = text;
  }

  draw() {
    const { rows, before, after, text } = this.shown;
    const all = specialSwitch.checked ? [...before, ...rows, ...after] : rows;
    const parts = [];
    let [last, colour] = [0, 0];
    for (const row of all.slice(0, MOST_SHOWN)) {
      if (row.start > last) parts.push(...this.between(text.slice(last, row.start)));
      if (text.slice(Math.max(last, row.start), row.end).includes("\n") && !row.text.includes("\n")) parts.push(make("span", "break"));
      last = Math.max(last, row.end);
      parts.push(this.piece(row, colour++ % 4));
      if (row.text.endsWith("\n")) parts.push(make("span", "break"));
    }
    if (all.length > MOST_SHOWN) parts.push(make("span", "more", ` and ${counted(all.length - MOST_SHOWN, "more token")}`));
    else if (last < text.length) parts.push(...this.between(text.slice(last)));
    for (const part of parts) if (!part.role) part.role = "presentation";
    this.active = null;
    this.pieces.removeAttribute("aria-activedescendant");
    this.pieces.replaceChildren(...parts);
    this.detail.textContent = "";
    const size = [...text].length;
    this.count.replaceChildren(make("b", "", NUMBER.format(all.length)), all.length === 1 ? " token" : " tokens");
    if (all.length && size) this.count.append(make("small", "", `${(size / all.length).toFixed(2)} characters per token`));
  }

  // What no token stands for: spaces, and characters that the normalizer deletes.
  between(text) {
    const parts = [];
    for (const part of text.match(/\n|[^\S\n]+|\S+/gu) ?? []) {
      if (part === "\n") parts.push(make("span", "break"));
      else if (part.trim()) parts.push(make("span", "dropped", ...visible(part)));
      else parts.push(make("span", "gap", part));
    }
    return parts;
  }

  letters(shown, kind) {
    return kind === "partial" ? [shown] : visible(shown);
  }

  piece(row, colour) {
    const shown = row.kind === "unknown" && row.end > row.start ? this.shown.text.slice(row.start, row.end) : row.text;
    const element = make("span", `piece tone-${colour} ${row.kind}`, make("bdi", "", ...(shown ? this.letters(shown, row.kind) : [make("i", "", "\u2205")])));
    if (idsSwitch.checked) element.append(make("small", "", String(row.id)));
    element.role = "option";
    element.id = `${this.element.id}-${this.pieces.dataset.next = Number(this.pieces.dataset.next ?? 0) + 1}`;
    element.row = row;
    return element;
  }

  choose(piece) {
    if (piece === null && document.activeElement === this.pieces) piece = this.active;
    this.active?.removeAttribute("aria-selected");
    this.active = piece;
    this.detail.textContent = "";
    if (piece) {
      piece.setAttribute("aria-selected", "true");
      this.pieces.setAttribute("aria-activedescendant", piece.id);
      this.detail.append(...this.describe(piece.row));
    } else this.pieces.removeAttribute("aria-activedescendant");
    for (const other of cards) other.mark(piece?.row, this);
  }

  describe({ id, token, kind, text, start, end }) {
    const bdi = (value) => make("bdi", "code", value);
    const parts = ["id ", make("b", "", NUMBER.format(id)), " \u00b7 stored as ", bdi(plain(token))];
    if (KINDS[kind]) parts.push(` \u00b7 ${KINDS[kind]}`);
    if (end > start) {
      const typed = this.shown.text.slice(start, end);
      if (typed !== text) parts.push(" \u00b7 for ", bdi(plain(typed)));
      const from = [...this.shown.text.slice(0, start)].length;
      const to = from + [...typed].length;
      parts.push(to - from === 1 ? ` \u00b7 character ${NUMBER.format(from + 1)}` : ` \u00b7 characters ${NUMBER.format(from + 1)}\u2013${NUMBER.format(to)}`);
    } else parts.push(start < 0 ? " \u00b7 put in by the post-processor" : " \u00b7 no character of the text");
    return parts;
  }

  // Marks the tokens that stand for the same characters as a token of another tokenizer.
  mark(row, source) {
    for (const piece of this.pieces.querySelectorAll(".also")) piece.classList.remove("also");
    if (!row || row.end <= row.start || source === this || source.shown.text !== this.shown?.text) return;
    for (const piece of this.pieces.querySelectorAll("[role=option]")) {
      if (piece.row.start < row.end && piece.row.end > row.start) piece.classList.add("also");
    }
  }

  move(event) {
    const options = [...this.pieces.querySelectorAll("[role=option]")];
    const at = options.indexOf(this.active);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const piece = options[Math.min(Math.max(to, 0), options.length - 1)];
    if (piece) {
      this.choose(piece);
      piece.scrollIntoView({ block: "nearest" });
    }
  }
}

const cards = [];
const blocks = [...document.querySelectorAll("script.tokenizer")];
document.querySelectorAll(".splits").forEach((element, at) => {
  element.hidden = false;
  cards.push(new Splits(element, blocks[at]));
});

const split = () => {
  const text = box.value.toWellFormed?.() ?? box.value;
  for (const each of cards) each.want(text.slice(0, LONGEST));
};

let waiting, announcing;
const announce = () => {
  announced.textContent = cards.map(({ name, count }) => `${name}: ${count.querySelector("b")?.textContent ?? "no"} tokens`).join(", ");
};
box.addEventListener("input", () => {
  clearTimeout(waiting);
  clearTimeout(announcing);
  waiting = setTimeout(split, WAIT);
  announcing = setTimeout(announce, 1500);
});
document.querySelector(".examples").addEventListener("click", ({ target }) => {
  if (target.dataset.text === undefined) return;
  box.value = texts[target.dataset.text][1];
  split();
});
for (const each of [idsSwitch, specialSwitch]) each.addEventListener("change", () => cards.forEach((splits) => splits.shown && splits.draw()));

document.querySelector(".unscripted").hidden = true;
document.querySelector(".controls").hidden = false;
box.value = initial;
split();
