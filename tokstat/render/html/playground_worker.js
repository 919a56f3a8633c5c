// Splits texts with one tokenizer, in a worker: a large vocabulary or a slow pattern does not stop
// the page. `port` is the JavaScript port of the tokenizers library, which is put before this.
let tokenizer, scheme, unknown, knowsWords;
const encoder = new TextEncoder();
const added = new Map();

// The library lowers each character by itself; JavaScript knows the final sigma.
const lower = String.prototype.toLowerCase;
String.prototype.toLowerCase = function () {
  return lower.call(this.replaceAll("\u03a3", "\u03c3"));
};

const unpack = async (packed) => {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
};

// The library looks up a cluster of characters of less than 6 bytes in SentencePiece's map, and of
// what it finds takes the shortest, which may drop marks; else each character. The port has rules of
// its own, near NFKC. `rules` are those of the map, see packed.py.
const clusters = self.Intl?.Segmenter && new Intl.Segmenter("en", { granularity: "grapheme" });

const rewriter = (rules) => {
  const known = new Map(Object.entries(rules));
  const rewritten = (text) => {
    let start = "";
    for (const character of text) if (known.has((start += character))) return known.get(start);
  };
  const each = (cluster) => Array.from(cluster, (character) => rewritten(character) ?? character).join("");
  return (text) => Array.from(clusters.segment(text), ({ segment }) => (encoder.encode(segment).length < 6 ? rewritten(segment) : undefined) ?? each(segment)).join("");
};

// Gives the port's class for the map the rules, by an instance of it.
const teach = (written) => {
  const empty = { ...written, pre_tokenizer: null, post_processor: null, added_tokens: [], model: { type: "BPE", vocab: {}, merges: [] } };
  const parts = [new port.Tokenizer(empty, {}).normalizer];
  for (const part of parts) {
    if (part?.normalizers) parts.push(...part.normalizers);
    if (!part || !("charsmap" in part)) continue;
    const { normalize } = part;
    Object.getPrototypeOf(part).normalize = function (text) {
      if (!clusters || !this.config.rules) return normalize.call(this, text);
      this.rewrite ??= rewriter(this.config.rules);
      return this.rewrite(text);
    };
    return;
  }
};

// See packed.py.
const build = ({ tokenizer: written, tokens, pieces, scores, made, lengths }) => {
  const { model } = written;
  if (tokens) {
    model.vocab = Object.create(null);
    tokens.forEach((token, id) => token === null || (model.vocab[token] = id));
  }
  if (pieces) model.vocab = pieces.map((piece, id) => [piece, Math.fround(scores[id])]);
  if (made) {
    let id = 0;
    model.merges = made.map((step, at) => {
      const token = tokens[(id += step)];
      return [token.slice(0, lengths[at]), token.slice(lengths[at])];
    });
  }
  teach(written);
  const unknownScore = model.vocab[model.unk_id]?.[1];
  const built = new port.Tokenizer(written, { unk_token: model.unk_token });
  // The port takes the score of an unknown character also for the token that stands for it.
  if (unknownScore !== undefined) built.model.scores[model.unk_id] = unknownScore;
  for (const token of written.added_tokens) added.set(token.id, token);
  unknown = built.model.unk_token_id;
  knowsWords = model.type.startsWith("Word");
  return built;
};

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/i;

// The port returns what an unknown token of a Unigram model stands for in place of the token.
const isUnknown = (token, id) => id === unknown && (tokenizer.model.scores ? token !== tokenizer.model.unk_token : true);

// The bytes that a token stands for; null for an unknown one, which may stand for anything.
const bytesOf = (token, id) => {
  if (isUnknown(token, id) && token === tokenizer.model.unk_token) return null;
  if (added.has(id)) return encoder.encode(token);
  if (scheme.byte_level) {
    const stored = scheme.end && token.endsWith(scheme.end) ? token.slice(0, -scheme.end.length) : token;
    const bytes = Array.from(stored, (character) => scheme.alphabet[character] ?? -1);
    return bytes.includes(-1) ? encoder.encode(token) : Uint8Array.from(bytes);
  }
  const byte = scheme.has_bytes && BYTE_TOKEN.exec(token);
  if (byte) return Uint8Array.of(parseInt(byte[1], 16));
  let text = token;
  if (scheme.continuation && text.startsWith(scheme.continuation) && text !== scheme.continuation) text = text.slice(scheme.continuation.length);
  if (scheme.end && text.endsWith(scheme.end)) text = text.slice(0, -scheme.end.length);
  if (scheme.space) text = text.replaceAll(scheme.space, " ");
  return encoder.encode(text);
};

const isContinuation = (byte) => (byte & 0xc0) === 0x80;

// The characters that tokens stand for, one after another, and which of them each token spans. A
// token that is a part of a character spans that character. "" is what an unknown token stands for.
const surfaceOf = (all) => {
  const characters = [];
  const spans = [];
  let pending = [];
  const flush = () => {
    characters.push(...decoder.decode(Uint8Array.from(pending)));
    pending = [];
  };
  let count = 0;
  for (const bytes of all) {
    if (bytes === null) {
      flush();
      characters.push("");
      count = characters.length;
      spans.push([count - 1, count]);
      continue;
    }
    const first = bytes.length && isContinuation(bytes[0]) && count ? count - 1 : count;
    for (const byte of bytes) if (!isContinuation(byte)) count += 1;
    pending.push(...bytes);
    spans.push([first, count]);
  }
  flush();
  return { characters, spans };
};

const fold = (text) => text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
const isSpace = (character) => /^[\p{White_Space}\u2581]$/u.test(character);
const isMark = (character) => /^\p{M}$/u.test(character);

// How many characters of the text and of the surface are one, from `i` and `j` on; null for none.
const pair = (typed, surface, i, j) => {
  const [a, b] = [typed[i], surface[j]];
  if (a === undefined || b === undefined) return null;
  if (a === b || (isSpace(a) && isSpace(b))) return [1, 1];
  if (a < "\u0080" && b < "\u0080") return a.toLowerCase() === b.toLowerCase() ? [1, 1] : null;
  const folded = fold(a);
  if (folded) {
    for (let n = 1, text = ""; n <= 18 && j + n <= surface.length; n += 1) {
      text += surface[j + n - 1];
      const other = fold(text);
      if (other === folded) {
        while (isMark(surface[j + n]) && surface[j + n] !== typed[i + 1]) n += 1;
        return [1, n];
      }
      if (!folded.startsWith(other)) break;
    }
  }
  const composed = fold(b);
  for (let n = 2, text = a; folded && composed && n <= 4 && i + n <= typed.length; n += 1) {
    text += typed[i + n - 1];
    if (fold(text) === composed) return [n, 1];
  }
  return null;
};

const FARTHEST = 24;

// Where the two go on alike after characters that only one of them has.
const meeting = (typed, surface, i, j) => {
  if (isSpace(surface[j])) return [0, 1];
  if (isSpace(typed[i])) return [1, 0];
  for (let distance = 1; distance <= 2 * FARTHEST; distance += 1) {
    for (let skipped = Math.max(0, distance - FARTHEST); skipped <= Math.min(distance, FARTHEST); skipped += 1) {
      if (pair(typed, surface, i + distance - skipped, j + skipped)) return [distance - skipped, skipped];
    }
  }
  return null;
};

// How far an unknown token reaches: to what the next token stands for or, before another unknown
// one, to the end of its word or character.
const ALONE = /^[\p{P}$+<=>^`|~\p{Unified_Ideograph}]$/u;
const unknownLength = (typed, surface, i, j) => {
  const literal = [...(tokenizer.model.unk_token ?? "")];
  if (literal.length && literal.every((character, at) => typed[i + at] === character)) return literal.length;
  const next = surface[j + 1];
  let n = 1;
  while (i + n < typed.length && !isSpace(typed[i + n])) {
    const ends = next === "" ? !knowsWords || ALONE.test(typed[i]) || ALONE.test(typed[i + n]) : next && pair(typed, surface, i + n, j + 1);
    if (ends) break;
    n += 1;
  }
  return n;
};

// For each character of the surface the characters of the text that it stands for, as [start, end].
const align = (typed, surface) => {
  const places = [];
  let [i, j] = [0, 0];
  while (j < surface.length) {
    if (surface[j] === "") {
      while (i < typed.length && isSpace(typed[i])) i += 1;
      const n = i < typed.length ? unknownLength(typed, surface, i, j) : 0;
      places.push([i, i + n]);
      [i, j] = [i + n, j + 1];
      continue;
    }
    const found = pair(typed, surface, i, j);
    if (found) {
      for (let n = 0; n < found[1]; n += 1) places.push([i, i + found[0]]);
      [i, j] = [i + found[0], j + found[1]];
      // Marks that the normalizer took off belong to the character before them.
      while (i < typed.length && isMark(typed[i]) && !(j < surface.length && pair(typed, surface, i, j))) places.at(-1)[1] = i += 1;
      continue;
    }
    const [ahead, skipped] = meeting(typed, surface, i, j) ?? [0, 1];
    for (let n = 0; n < skipped; n += 1) places.push([i, i]);
    [i, j] = [i + ahead, j + skipped];
  }
  return places;
};

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");

const isWhole = (bytes) => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

// The tokens that the post-processor puts before and after a text's own.
const inserted = (ids, all) => {
  for (let start = 0; start + ids.length <= all.length; start += 1) {
    if (ids.every((id, at) => all[start + at] === id)) return [all.slice(0, start), all.slice(start + ids.length)];
  }
  return [[], []];
};

const rowOfInserted = (id) => ({ id, token: tokenizer.id_to_token(id) ?? "", text: tokenizer.id_to_token(id) ?? "", kind: "special", start: -1, end: -1 });

const split = (text) => {
  const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
  const whole = tokenizer.encode(text).ids;
  const typed = [...text];
  const offsets = [0];
  for (const character of typed) offsets.push(offsets.at(-1) + character.length);
  const all = tokens.map((token, at) => bytesOf(token, ids[at]));
  const { characters, spans } = surfaceOf(all);
  const places = align(typed, characters);
  const rows = tokens.map((token, at) => {
    const [first, end] = spans[at];
    const within = places.slice(first, end);
    const own = within.filter(([a, b]) => a < b);
    const [start, stop] = own.length ? [own[0][0], own.at(-1)[1]] : within.length ? within[0] : [0, 0];
    const id = ids[at];
    const bytes = all[at];
    const partial = bytes !== null && !isWhole(bytes);
    const special = added.get(id);
    const kind = isUnknown(token, id) ? "unknown" : special ? (special.special ? "special" : "added") : partial ? "partial" : "text";
    return {
      id, token, kind,
      text: partial ? hex(bytes) : bytes === null ? token : decoder.decode(bytes),
      start: offsets[start], end: offsets[stop],
    };
  });
  const [before, after] = inserted(ids, whole);
  return { rows, before: before.map(rowOfInserted), after: after.map(rowOfInserted), ids, whole };
};

self.onmessage = async ({ data }) => {
  try {
    if (data.packed) {
      scheme = data.scheme;
      tokenizer = build(await unpack(data.packed));
      postMessage({ loaded: true });
    } else {
      postMessage({ number: data.number, ...split(data.text) });
    }
  } catch (error) {
    postMessage({ number: data.number, error: error.message });
  }
};
