/**
 * Plots of groups by time, drawn by uPlot: shares with their intervals as bands, and how long readings took.
 *
 * In: a place and the groups of GET /v1/insights. Out: one figure each, which a screen reader is told to read as the table instead.
 * Colours come from the stylesheet, so that light, dark and print each have their own.
 */
import { element, NAMES } from "./figures.js";

const SHOWN = ["accepted", "changed", "accepted_though_wrong", "clear_then_escalated", "degraded"];
const HEIGHT = 180;

export function drawPlots(place, groups, step) {
  place.replaceChildren();
  if (groups.length < 2) return;
  const times = groups.map(({ key }) => Date.parse(step === "month" ? `${key}-01T00:00:00Z` : `${key}T00:00:00Z`) / 1000);
  const part = (name, of, scale = 100) => groups.map((group) => (group[name][of] === null ? null : group[name][of] * scale));
  const bands = [{ series: [2, 1], fill: colour("--band") }];
  const drawn = SHOWN.map((name) => {
    const data = [times, part(name, "low"), part(name, "high"), part(name, "share")];
    return [framed(place, `${NAMES[name]}, % (band: 95% interval)`), data, { bands, range: [0, 100] }];
  });
  const seconds = [times, part("seconds", "p50", 1), part("seconds", "p90", 1)];
  drawn.push([framed(place, "Reading, seconds (p50, p90)"), seconds, { bands: [], range: null }]);
  for (const one of drawn) draw(...one); // only once all stand there does each know its width
}

function framed(place, title) {
  const figure = element("figure", {}, element("figcaption", { text: `${title}. The table below has the same figures.` }));
  const canvas = element("div", { className: "plot" });
  canvas.setAttribute("aria-hidden", "true");
  figure.append(canvas);
  place.append(figure);
  return canvas;
}

function draw(canvas, data, { bands, range }) {
  const axis = { stroke: colour("--ink"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  const lines = data.slice(1).map((_, index) => {
    const isEdge = bands.length > 0 && index < 2;
    return { stroke: isEdge ? "transparent" : colour("--accent"), width: 2, points: { show: !isEdge, size: 5 }, dash: bands.length === 0 && index === 1 ? [6, 4] : [] };
  });
  const options = {
    width: Math.max(200, canvas.clientWidth),
    height: HEIGHT,
    cursor: { show: false },
    legend: { show: false },
    tzDate: (seconds) => window.uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { y: range === null ? { range: (_, __, high) => [0, high || 1] } : { range } },
    axes: [axis, axis],
    series: [{}, ...lines],
    bands,
  };
  new window.uPlot(options, data, canvas);
}

function colour(name) {
  const probe = element("span", { className: "probe" });
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
