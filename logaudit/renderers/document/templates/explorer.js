"use strict";
// The explorer of the report: trades as threads through their witnesses, with filters, search and evidence.
// Text from logs enters the page through textContent alone; nothing is loaded.
(() => {
  const root = document.getElementById("explore");
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const words = data.words;
  const OPEN = 0, EXCHANGE = 1, CLOSE = 2, ACK = 3, ERROR = 4, ROW = 5, RESTORED = 6, CODE = 7;
  const LANE = { [EXCHANGE]: 0, [CLOSE]: 1, [ACK]: 2, [ERROR]: 2, [ROW]: 3, [RESTORED]: 3 };
  const COLOURS = { recorded: "--good", lost: "--bad", restored: "--warn", open: "--info", unknown: "--soft" };
  const PAGE = 100, MINUTE = 60000;

  const time = (text) => {
    const m = /^\s*(\d+)-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3}))?)?/.exec(text);
    return m ? Date.UTC(m[1], m[2] - 1, m[3], m[4], m[5], m[6] || 0, +(m[7] || "").padEnd(3, "0")) : NaN;
  };
  const written = (ms) => {
    const text = Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : "";
    return text.replace("T", " ").replace(/(\.000)?Z$/, "");
  };
  const count = (n) => n.toLocaleString(data.lang);

  const trades = data.trades.map((row, index) => {
    const [id, session, closed, opened, symbol, side, reason, path, state, net, rowNet, entry, exit, size, places, near] = row;
    const at = time(closed);
    const found = places.map(([slot, source, line, delta, text, exhibit]) => ({
      slot, source: data.sources[source], line, at: delta === null ? NaN : at + delta, text, exhibit,
    }));
    const timed = found.filter((p) => p.slot !== OPEN && Number.isFinite(p.at));
    timed.sort((a, b) => LANE[a.slot] - LANE[b.slot] || a.at - b.at);
    const open = found.find((p) => p.slot === OPEN);
    return {
      opened: opened || (open ? written(open.at) : ""),
      index, id, session, closed, at, side, state, net, rowNet, entry, exit, size, places: found, thread: timed, near,
      symbol: data.symbols[symbol], reason: data.reasons[reason], path: data.paths[path],
      label: data.states[state][0], outcome: data.states[state][1], hay: "",
    };
  }).filter((trade) => Number.isFinite(trade.at));

  // What the page consists of.

  const make = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "text") made.textContent = value;
      else if (key === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
      else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...inside);
    return made;
  };
  const field = (title, input) => make("label", {}, make("span", { text: title }), input);

  const changed = () => { limit = PAGE; refresh(); };
  const select = (key, values) => {
    const input = make("select", { name: key, on: { change: changed } }, make("option", { value: "", text: words.all }));
    const counts = new Map();
    for (const trade of trades) counts.set(values(trade), (counts.get(values(trade)) || 0) + 1);
    for (const [value, n] of [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
      input.append(make("option", { value: `=${value}`, text: `${value || words.missing} (${count(n)})` }));
    }
    return { input, values, key, many: counts.size > 1 };
  };
  const filters = [
    select("session", (t) => data.sessions[t.session]), select("state", (t) => t.label),
    select("emitter", (t) => t.path), select("reason", (t) => t.reason), select("symbol", (t) => t.symbol),
  ];
  const moment = (name) => make("input", { type: "text", name, size: "19", placeholder: words.when, on: { change: changed } });
  const from = moment("from"), until = moment("until");
  const search = make("input", { type: "search", name: "search", spellcheck: "false", on: { input: changed } });
  const reset = make("button", { type: "button", text: words.reset, on: { click: () => clear() } });
  const shownCount = make("output", {});
  const bar = make("div", { class: "filters", role: "search" },
    ...filters.filter((f) => f.many || f.key === "state").map((f) => field(words[f.key], f.input)),
    field(words.from, from), field(words.until, until), field(words.search, search), reset, shownCount);
  const canvas = make("canvas", { class: "threads", role: "img", "aria-label": words.picture, tabindex: "0" });
  const columns = ["closed", "symbol", "reason", "state", "net_log"];
  const body = make("tbody", {});
  const table = make("table", { role: "grid" },
    make("caption", { text: words.list }),
    make("thead", {}, make("tr", {}, ...columns.map((key) => make("th", { scope: "col", text: words[key] })))), body);
  const more = make("button", { type: "button", class: "more", text: words.more, on: { click: () => { limit += PAGE; rows(); } } });
  const list = make("div", { class: "list" }, table, more);
  const detail = make("aside", { class: "detail", "aria-live": "polite", tabindex: "-1" });
  root.replaceChildren(bar, make("figure", {}, canvas, make("figcaption", { text: words.zoom })),
    make("div", { class: "both" }, list, detail));

  // Which trades are shown.

  let shown = trades, chosen = null, limit = PAGE, drag = null;
  const whole = (() => {
    let low = Infinity, high = -Infinity;
    const take = (at) => { if (Math.abs(at) < 8e15) { low = Math.min(low, at); high = Math.max(high, at); } };
    for (const trade of trades) take(trade.at);
    for (const [, , spans] of data.coverage) for (const [a, b] of spans) { take(a); take(b); }
    const room = Math.max((high - low) / 60, MINUTE);
    return [low - room, high + room];
  })();
  let view = whole;
  const range = (low, high) => {
    const found = [Number.isFinite(low) ? low : whole[0], Number.isFinite(high) ? high : whole[1]];
    return found[0] < found[1] ? found : whole;
  };
  const hay = (trade) => {
    if (!trade.hay) {
      const parts = [trade.id, trade.closed, trade.opened, trade.symbol, trade.side, trade.reason, trade.path, trade.label,
        trade.net, trade.rowNet, trade.entry, trade.exit, trade.size,
        ...trade.places.flatMap((p) => [p.source + p.line, p.text])];
      trade.hay = parts.join("\n").toLowerCase();
    }
    return trade.hay;
  };
  const refresh = () => {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const limits = [from, until].map((input) => time(input.value));
    [from, until].forEach((input, n) => input.setAttribute("aria-invalid", String(input.value !== "" && Number.isNaN(limits[n]))));
    view = range(...limits);
    shown = trades.filter((trade) =>
      filters.every((f) => !f.input.value || f.input.value === `=${f.values(trade)}`) &&
      !(trade.at < limits[0]) && !(trade.at > limits[1]) && asked.every((word) => hay(trade).includes(word)));
    shownCount.textContent = words.shown.replace("%1", count(shown.length)).replace("%2", count(trades.length));
    if (chosen && !shown.includes(chosen)) choose(null);
    rows();
    later();
  };
  const clear = () => {
    for (const f of filters) f.input.value = "";
    from.value = until.value = search.value = "";
    changed();
  };
  const limitTo = (low, high) => {
    from.value = written(Math.floor(low / 1000) * 1000);
    until.value = written(Math.ceil(high / 1000) * 1000);
    changed();
  };

  // The list.

  const mark = (trade) => make("span", { class: `mark ${trade.outcome}`, text: trade.label });
  const rows = () => {
    body.replaceChildren(...shown.slice(0, limit).map((trade) => make("tr", {
      tabindex: trade === chosen ? "0" : "-1", "aria-selected": String(trade === chosen), "data-trade": trade.index,
      on: { click: () => choose(trade) },
    }, make("th", { scope: "row", text: trade.closed }), make("td", {}, make("code", { text: trade.symbol }), ` ${trade.side}`),
    make("td", { text: trade.reason }), make("td", {}, mark(trade)), make("td", { text: trade.net || "–" }))));
    if (!shown.length) body.append(make("tr", {}, make("td", { colspan: columns.length, text: words.none })));
    if (!chosen && body.firstChild) body.firstChild.tabIndex = 0;
    more.hidden = shown.length <= limit;
  };
  const choose = (trade, focus) => {
    chosen = trade;
    const place = trade ? shown.indexOf(trade) : -1;
    if (place >= limit) { limit = (Math.floor(place / PAGE) + 1) * PAGE; rows(); }
    for (const row of body.children) {
      const own = trade !== null && row.dataset.trade === String(trade.index);
      row.setAttribute("aria-selected", String(own));
      row.tabIndex = own ? 0 : -1;
      if (own) {
        const top = row.offsetTop - list.offsetTop, edge = table.tHead.offsetHeight;
        list.scrollTop = Math.min(Math.max(list.scrollTop, top + row.offsetHeight - list.clientHeight), Math.max(top - edge, 0));
        if (focus) row.focus({ preventScroll: true });
      }
    }
    evidence();
    later();
  };

  // The evidence of one trade.

  const context = (trade, place) => {
    const own = Number(place.line.slice(1)), shownLines = make("pre", { class: "near" });
    const record = (line, delta, text, kind) => shownLines.append(make("code", { class: kind,
      text: `${line}  ${delta < 0 ? "−" : "+"}${Math.abs(delta) / 1000} s  ${text}` }));
    const all = [...trade.near.map(([line, delta, text]) => [line, delta, data.templates[text], ""]), [own, 0, place.text, "own"]];
    for (const entry of all.sort((a, b) => a[0] - b[0])) record(...entry);
    return shownLines;
  };
  const evidence = () => {
    if (!chosen) { detail.replaceChildren(make("p", { class: "hint", text: words.choose })); return; }
    const trade = chosen;
    const facts = [["state", trade.label], ["closed", trade.closed], ["opened", trade.opened], ["reason", trade.reason],
      ["emitter", trade.path], ["entry", trade.entry], ["exit", trade.exit], ["net_log", trade.net],
      ["net_row", trade.rowNet], ["session", data.sessions.length > 1 ? data.sessions[trade.session] : ""]];
    const told = make("dl", {});
    for (const [key, value] of facts) if (value) told.append(make("dt", { text: words[key] }), make("dd", { text: value }));
    const lines = make("ol", {});
    const order = [...trade.places].sort((a, b) => (a.slot === CODE) - (b.slot === CODE) || (a.at || 0) - (b.at || 0) || a.slot - b.slot);
    for (const place of order) {
      const head = make("p", {}, make("strong", { text: words[`slot${place.slot}`] }), ` ${written(place.at)} `);
      if (place.exhibit) head.append(make("a", { href: `#E${place.exhibit}`, text: `[E${place.exhibit}]` }));
      lines.append(make("li", {}, head, make("p", { class: "place", text: place.source + place.line }),
        place.text ? make("pre", {}, make("code", { text: place.text })) : make("p", { class: "hint", text: words.unquoted })));
      if (place.slot === CLOSE && trade.near.length) lines.lastChild.append(make("p", { class: "hint", text: words.nearby }), context(trade, place));
    }
    if (trade.outcome === "lost") lines.append(make("li", { class: "ends" }, make("p", { text: `✗ ${words["lost-here"]}` })));
    detail.replaceChildren(make("h3", {}, make("code", { text: trade.symbol }), ` ${trade.side}`), told,
      make("h4", { text: words.evidence }), lines);
  };

  // The picture.

  const TOP = 12, STEP = 40, PNL = data.curves.length ? 130 : 0, AXIS = 26;
  let left = 110, width = 0, pending = false;
  const height = TOP + 4 * STEP + 14 + PNL + AXIS;
  const lane = (slot) => TOP + LANE[slot] * STEP + STEP / 2;
  const later = () => { if (!pending) { pending = true; requestAnimationFrame(draw); } };
  const x = (at) => left + ((at - view[0]) / (view[1] - view[0])) * (width - left - 12);
  const atX = (px) => view[0] + ((px - left) / (width - left - 12)) * (view[1] - view[0]);
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const session = () => (filters[0].input.value ? data.sessions.indexOf(filters[0].input.value.slice(1)) : -1);
  const ours = (number) => session() < 0 || session() === number;

  const draw = () => {
    pending = false;
    width = root.clientWidth;
    left = width < 600 ? 84 : 120;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    const g = canvas.getContext("2d");
    g.scale(ratio, ratio);
    g.font = `12px ${getComputedStyle(root).fontFamily}`;
    g.textBaseline = "middle";
    const ink = Object.fromEntries(["--paper", "--sheet", "--ink", "--soft", "--rule", "--strong-rule", "--info-bg",
      "--todo", "--info", "--warn", "--gap", ...Object.values(COLOURS)].map((name) => [name, colour(name)]));
    background(g, ink);
    g.save();
    g.beginPath();
    g.rect(left, 0, width - left - 8, height);
    g.clip();
    threads(g, ink);
    running(g, ink);
    if (drag && Math.abs(drag.now - drag.start) > 4) {
      g.fillStyle = ink["--info"];
      g.globalAlpha = 0.2;
      g.fillRect(Math.min(drag.start, drag.now), 0, Math.abs(drag.now - drag.start), height - AXIS);
    }
    g.restore();
  };

  const background = (g, ink) => {
    const bottom = TOP + 4 * STEP;
    g.fillStyle = ink["--sheet"];
    g.fillRect(left, TOP, width - left - 12, 4 * STEP);
    g.fillStyle = ink["--info-bg"];
    for (const [number, , spans] of data.coverage) if (ours(number)) for (const [a, b] of spans) {
      const start = Math.max(x(a), left), end = Math.min(x(b), width - 12);
      if (end >= left && start <= width - 12) g.fillRect(start, TOP, Math.max(end - start, 1), 4 * STEP);
    }
    g.strokeStyle = ink["--rule"];
    g.fillStyle = ink["--ink"];
    g.textAlign = "right";
    [[EXCHANGE, words["exchange-lane"]], [CLOSE, words.close], [ACK, words.ack], [ROW, words.row]].forEach(([slot, name]) => {
      line(g, left, lane(slot), width - 12, lane(slot));
      g.fillText(fit(g, name, left - 14), left - 8, lane(slot));
    });
    g.fillStyle = ink["--soft"];
    g.textAlign = "center";
    for (const [at, name] of ticks(...view, Math.max(2, Math.floor((width - left) / 110)))) {
      line(g, x(at), TOP, x(at), height - AXIS + 4);
      g.fillText(name, Math.min(Math.max(x(at), left + 20), width - 40), height - AXIS + 14);
    }
    g.strokeStyle = ink["--todo"];
    g.setLineDash([4, 3]);
    for (const [number, at] of data.starts) if (ours(number) && x(at) >= left) line(g, x(at), TOP, x(at), bottom);
    g.setLineDash([]);
  };
  const line = (g, x1, y1, x2, y2) => { g.beginPath(); g.moveTo(x1, y1); g.lineTo(x2, y2); g.stroke(); };
  const fit = (g, text, room) => {
    let cut = text;
    while (cut.length > 3 && g.measureText(cut).width > room) cut = `${cut.slice(0, -2)}…`;
    return cut;
  };

  const threads = (g, ink) => {
    const order = { recorded: 0, unknown: 1, open: 1, restored: 2, lost: 3 };
    const sorted = [...shown].sort((a, b) => order[a.outcome] - order[b.outcome]);
    for (const trade of sorted) if (trade !== chosen) thread(g, ink, trade, false);
    if (chosen) thread(g, ink, chosen, true);
  };
  const thread = (g, ink, trade, bold) => {
    const dense = shown.length > 1000 && !bold;
    g.strokeStyle = g.fillStyle = ink[COLOURS[trade.outcome]];
    g.lineWidth = bold ? 3 : dense ? 0.7 : 1.4;
    g.globalAlpha = dense && trade.outcome === "recorded" ? 0.4 : 1;
    g.beginPath();
    trade.thread.forEach((p, n) => (n ? g.lineTo(x(p.at), lane(p.slot)) : g.moveTo(x(p.at), lane(p.slot))));
    g.stroke();
    const size = bold ? 5 : dense ? 1.6 : 3.2;
    for (const p of trade.thread) {
      g.beginPath();
      if (p.slot === RESTORED) g.rect(x(p.at) - size, lane(p.slot) - size, 2 * size, 2 * size);
      else g.arc(x(p.at), lane(p.slot), size, 0, 7);
      if (p.slot === RESTORED) g.stroke(); else g.fill();
    }
    const last = trade.thread[trade.thread.length - 1];
    if (trade.outcome === "lost" && last) {
      const end = x(last.at), y = lane(last.slot) + STEP / 2, arm = bold ? 6 : 4;
      g.lineWidth = bold ? 3 : 1.8;
      line(g, end, lane(last.slot), end, y - arm);
      line(g, end - arm, y - arm, end + arm, y + arm);
      line(g, end - arm, y + arm, end + arm, y - arm);
    }
    g.globalAlpha = 1;
    g.lineWidth = 1;
  };

  const running = (g, ink) => {
    const top = TOP + 4 * STEP + 14, bottom = top + PNL;
    const curves = data.curves.filter(([number]) => ours(number));
    if (!curves.length) return;
    const alone = curves.length === 1;
    let low = 0, high = 0;
    for (const [, points] of curves) for (const [, log, row] of points) { low = Math.min(low, log || 0, row || 0); high = Math.max(high, log || 0, row || 0); }
    const room = (high - low || 1) * 0.08;
    const y = (value) => bottom - ((value - low + room) / (high - low + 2 * room)) * PNL;
    g.strokeStyle = ink["--strong-rule"];
    line(g, left, y(0), width, y(0));
    for (const [, points] of curves) {
      for (const [series, name, dash] of [[2, "--warn", [7, 4]], [1, "--info", []]]) {
        if (points[0][series] === null) continue;
        g.strokeStyle = ink[name];
        g.setLineDash(dash);
        g.lineWidth = 2;
        g.beginPath();
        g.moveTo(x(alone ? whole[0] : points[0][0]), y(0));
        let before = y(0);
        for (const point of points) { g.lineTo(x(point[0]), before); before = y(point[series]); g.lineTo(x(point[0]), before); }
        if (alone) g.lineTo(x(whole[1]), before);
        g.stroke();
      }
    }
    g.setLineDash([]);
    g.lineWidth = 1;
    g.restore();
    g.textAlign = "right";
    g.fillStyle = ink["--soft"];
    for (const value of [low, 0, high]) {
      const crowded = value !== 0 && Math.abs(y(value) - y(0)) < 14;
      if (!crowded) g.fillText(value.toLocaleString(data.lang, { maximumSignificantDigits: 5 }), left - 8, y(value));
    }
    g.textAlign = "left";
    const drawn = (series) => curves.some(([, points]) => points[0][series] !== null);
    [[words.log_sum, "--info"], [words.ledger_sum, "--warn"]].forEach(([name, tone], n) => {
      if (!drawn(n + 1)) return;
      g.fillStyle = ink[tone];
      g.fillText(`${n ? "╌╌" : "━━"} ${name}`, left + 8 + n * 110, top - 3);
    });
    g.save();
  };

  const ticks = (low, high, about) => {
    const steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 2592000, 31536000];
    const step = (steps.find((s) => (high - low) / (s * 1000) <= about) || 31536000 * 10) * 1000;
    const found = [];
    for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
      const text = new Date(at).toISOString();
      found.push([at, step >= 86400000 ? text.slice(0, 10) : at % 86400000 === 0 ? text.slice(5, 10) : text.slice(11, step < MINUTE ? 19 : 16)]);
    }
    return found;
  };

  // Pointer and keys.

  const px = (event) => event.clientX - canvas.getBoundingClientRect().left;
  canvas.addEventListener("pointerdown", (event) => { drag = { start: px(event), now: px(event) }; });
  const nearest = (event) => {
    const at = px(event), y = event.clientY - canvas.getBoundingClientRect().top;
    let best = null, near = 12;
    for (const trade of shown) {
      const away = Math.min(Math.abs(x(trade.at) - at), ...trade.thread.map((p) => Math.hypot(x(p.at) - at, (lane(p.slot) - y) / 4)));
      if (away < near) { near = away; best = trade; }
    }
    return best;
  };
  canvas.addEventListener("pointermove", (event) => {
    if (drag) { drag.now = px(event); later(); return; }
    const trade = nearest(event);
    canvas.title = trade ? `${trade.closed} ${trade.symbol} ${trade.side} · ${trade.label} · ${trade.net}` : "";
  });
  canvas.addEventListener("pointercancel", () => { drag = null; later(); });
  canvas.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const [start, end] = [Math.min(drag.start, px(event)), Math.max(drag.start, px(event))];
    drag = null;
    if (end - start > 6) { limitTo(atX(start), atX(end)); return; }
    choose(nearest(event));
  });
  const step = (by) => {
    const place = chosen ? shown.indexOf(chosen) + by : by > 0 ? 0 : shown.length - 1;
    if (shown.length) choose(shown[Math.min(Math.max(place, 0), shown.length - 1)], true);
  };
  const zoom = (factor) => {
    const [low, high] = view, middle = chosen ? chosen.at : (low + high) / 2, half = ((high - low) * factor) / 2;
    if (factor > 1 && middle - half <= whole[0] && middle + half >= whole[1]) { from.value = until.value = ""; changed(); }
    else if (half > 1000) limitTo(Math.max(middle - half, whole[0]), Math.min(middle + half, whole[1]));
  };
  const keys = {
    ArrowDown: () => step(1), ArrowUp: () => step(-1), Home: () => step(-shown.length), End: () => step(shown.length),
    Enter: () => chosen && detail.focus(), "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2),
  };
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { if (chosen && event.target.tagName !== "INPUT") choose(null); else clear(); return; }
    if (/^(INPUT|SELECT|BUTTON|A)$/.test(event.target.tagName) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); search.focus(); }
  });
  new ResizeObserver(later).observe(root);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
  evidence();
  refresh();
})();
