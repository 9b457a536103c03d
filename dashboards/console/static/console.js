// The console's own script: charts from attributes, lists merged by key, a few keys, and whether the line is open.
"use strict";

const root = document.documentElement;

// ---- charts: data-chart holds the whole option as JSON; "--name" is a colour of the stylesheet

function coloured(value, style) {
  if (typeof value === "string") return value.startsWith("--") ? style.getPropertyValue(value).trim() : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, style));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coloured(one, style)]));
}

function framed(option, style) {
  const ink = style.getPropertyValue("--ink").trim(), line = style.getPropertyValue("--line").trim();
  const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } };
  const made = { animation: false, textStyle: { color: ink, fontFamily: style.fontFamily }, ...option };
  if (option.xAxis) made.xAxis = { ...axis, splitLine: { show: false }, ...option.xAxis };
  if (option.yAxis) made.yAxis = { ...axis, ...option.yAxis };
  if (option.legend) made.legend = { textStyle: { color: ink }, inactiveColor: line, ...option.legend };
  return made;
}

function draw(box) {
  const style = getComputedStyle(document.body);
  const option = coloured(JSON.parse(box.dataset.chart), style);
  const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
  chart.setOption(framed(option, style), true);
  if (!box.dataset.drawn) {
    box.dataset.drawn = "yes";
    new ResizeObserver(() => chart.isDisposed() || chart.resize()).observe(box);
    if (box.dataset.drill) chart.getZr().on("click", (click) => drill(box, chart, click));
  }
}

function drill(box, chart, click) {
  const option = JSON.parse(box.dataset.chart);
  const index = chart.convertFromPixel({ xAxisIndex: 0 }, click.offsetX);
  const start = option.starts && option.starts[Math.round(index)];
  if (start) location.assign(box.dataset.drill + "&start=" + encodeURIComponent(start) + "&seconds=" + option.seconds);
}

function drawAll(within) {
  if (!window.echarts) return;
  const boxes = [...within.querySelectorAll(".chart[data-chart]")];
  if (within.matches && within.matches(".chart[data-chart]")) boxes.push(within);
  boxes.forEach(draw);
}

function drop(node) {
  if (window.echarts) node.querySelectorAll(".chart").forEach((box) => echarts.dispose(box));
  node.remove();
}

// ---- lists: what has the same key and version stays as it is, with focus, open parts and what is being typed

const REACHABLE = "a,button,input,select,textarea,summary";

function merge(target, fragment) {
  const known = new Map([...target.children].map((one) => [one.dataset.key, one]));
  const fresh = [];
  let place = target.firstElementChild;
  for (const node of [...fragment.children]) {
    const old = known.get(node.dataset.key);
    known.delete(node.dataset.key);
    const same = old && old.dataset.version === node.dataset.version;
    const use = same ? old : node;
    if (old && !same && place === old) place = old.nextElementSibling;
    if (use === place) place = place.nextElementSibling;
    else target.insertBefore(use, place);
    if (!same) fresh.push(node);
    if (old && !same) replace(old, node);
  }
  known.forEach(drop);
  return fresh;
}

function replace(old, node) {
  const was = [...old.querySelectorAll("details")];
  [...node.querySelectorAll("details")].forEach((one, index) => { one.open = one.open || Boolean(was[index] && was[index].open); });
  if (node.tagName === "DETAILS") node.open = old.open;
  const focused = [...old.querySelectorAll(REACHABLE)].indexOf(document.activeElement);
  drop(old);
  const next = focused < 0 ? null : node.querySelectorAll(REACHABLE)[focused];
  if (next) next.focus({ preventScroll: true });
}

htmx.defineExtension("keyed", {
  isInlineSwap: (style) => style === "keyed",
  handleSwap: (style, target, fragment) => (style === "keyed" ? merge(target, fragment) : false),
});

// ---- the chosen incident

function mark() {
  const shown = document.querySelector("#detail [data-incident]");
  const chosen = shown ? shown.dataset.incident : "";
  document.querySelectorAll("[data-pick]").forEach((one) => {
    if (one.dataset.pick === chosen) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-pick]")];
  if (!rows.length) return;
  const here = rows.findIndex((one) => one === document.activeElement || one.getAttribute("aria-current"));
  rows[Math.min(Math.max(here + by, 0), rows.length - 1)].focus();
}

document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey || press.target.matches("input,select,textarea")) return;
  if (press.key === "j") step(1);
  else if (press.key === "k") step(-1);
  else if (press.key === "a") { const button = document.getElementById("acknowledge"); if (button) button.focus(); }
});

// ---- theme, print, language, line, notices

document.addEventListener("click", (click) => {
  const hit = click.target.closest("button,a");
  if (!hit) return;
  if (hit.id === "theme") {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* holds for this page */ }
    drawAll(document);
  } else if (hit.dataset.print !== undefined) window.print();
  else if (hit.id === "language") {
    hit.href = hit.getAttribute("href").split("?")[0] + "?next=" + encodeURIComponent(location.pathname + location.search);
  }
});

document.addEventListener("change", (change) => {
  const own = change.target.closest("form[data-auto]");
  if (own) own.requestSubmit();
});

document.addEventListener("input", (input) => {
  const shown = input.target.matches("input[type=range]") && document.getElementById(input.target.id + "-value");
  if (shown) shown.textContent = input.target.value;
});

const line = document.getElementById("line");
document.addEventListener("htmx:sseOpen", () => { line.textContent = ""; root.dataset.live = "yes"; });
document.addEventListener("htmx:sseError", () => { line.textContent = line.dataset.lost; root.dataset.live = "no"; });

const notice = document.getElementById("notice");
let fade = 0;
document.addEventListener("htmx:afterSwap", (swap) => {
  if (swap.detail.target !== notice) return;
  clearTimeout(fade);
  if (notice.querySelector(".good")) fade = setTimeout(() => notice.replaceChildren(), 6000);
});

document.addEventListener("htmx:afterSettle", (settle) => {
  drawAll(settle.detail.elt);
  mark();
  const picked = settle.detail.target && settle.detail.target.id === "detail" && settle.detail.requestConfig;
  if (picked && matchMedia("(max-width: 60rem)").matches) document.getElementById("detail").scrollIntoView();
});
document.addEventListener("htmx:load", (load) => drawAll(load.detail.elt));

drawAll(document);
mark();
root.dataset.ready = "yes";
