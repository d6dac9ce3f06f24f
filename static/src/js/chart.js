// The live chart of an indicator's page. Without it the page shows the server's drawing, which stays for paper.
import { CategoryScale, Chart, LinearScale, LineController, LineElement, PointElement } from "chart.js";

import { brand, good, grid, muted, unusual } from "../palette.json";
import { saveAsPicture } from "./indicator/picture.js";

Chart.register(CategoryScale, LinearScale, LineController, LineElement, PointElement);

const live = document.querySelector("#chart-live");
const readout = document.querySelector("#chart-readout");
const FONT = "12px sans-serif";
// Names of lines stand in whole beside a chart that is as wide as this, and those with a comma in short beside others.
const WIDE = 560;
// Numbers of marks that are nearer than this would run into one another.
const NEAR = 24;

// Text with a white rim, so that it can be read over a line.
function write(ctx, text, x, y, colour, align = "left") {
  ctx.save();
  Object.assign(ctx, { fillStyle: colour, strokeStyle: "#fff", lineWidth: 4, textAlign: align });
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
  ctx.restore();
}

// Upright lines where mean and limits are worked out afresh.
const rebaseMarks = (places) => ({
  id: "rebases",
  afterDatasetsDraw({ ctx, chartArea, scales }) {
    ctx.save();
    ctx.strokeStyle = muted;
    ctx.setLineDash([2, 4]);
    for (const place of places) {
      const x = (scales.x.getPixelForValue(place - 1) + scales.x.getPixelForValue(place)) / 2;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.font = FONT;
      write(ctx, "Worked out afresh [b]", x + 4, chartArea.top + 12, muted);
    }
    ctx.restore();
  },
});

// Upright lines, with their numbers above, where something was done or asked: which, the list below the chart says.
const doneAndAsked = (marks) => ({
  id: "marks",
  beforeDatasetsDraw({ ctx, chartArea, scales }) {
    ctx.save();
    Object.assign(ctx, { strokeStyle: unusual, lineWidth: 2, lineCap: "round", font: `bold ${FONT}` });
    ctx.setLineDash([1, 4]);
    let [before, isLower] = [-Infinity, false];
    for (const [place, numbers] of marks) {
      const isLater = place % 1 > 0;
      const x = isLater ? chartArea.right : scales.x.getPixelForValue(place);
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      // Beside a near one, a row lower.
      isLower = x - before < NEAR && !isLower;
      before = x;
      write(ctx, numbers, x, chartArea.top + (isLower ? 8 : -6), unusual, "center");
    }
    ctx.restore();
  },
});

// What lies between the two figures of a target, behind the figures.
const targetBands = (bands) => ({
  id: "bands",
  beforeDatasetsDraw({ ctx, chartArea, scales }) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
    ctx.clip();
    ctx.globalAlpha = 0.1;
    ctx.fillStyle = good;
    const half = (scales.x.getPixelForValue(1) - scales.x.getPixelForValue(0)) / 2 || chartArea.width / 2;
    for (const [first, last, low, high] of bands) {
      const [from, to] = [scales.x.getPixelForValue(first) - half, scales.x.getPixelForValue(last) + half];
      const [top, bottom] = [high, low].map((figure) => scales.y.getPixelForValue(figure));
      ctx.fillRect(from, top, to - from, bottom - top);
    }
    ctx.restore();
  },
});

// A bar below the figures that mean and limits are fixed on.
const baselineMarks = (stretches) => ({
  id: "baselines",
  afterDatasetsDraw({ ctx, chartArea, scales }) {
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = muted;
    ctx.lineWidth = 3;
    ctx.font = FONT;
    for (const [first, last] of stretches) {
      const [from, to] = [first, last].map((place) => scales.x.getPixelForValue(place));
      const y = chartArea.bottom - 2;
      ctx.beginPath();
      ctx.moveTo(from - 6, y);
      ctx.lineTo(to + 6, y);
      ctx.stroke();
      ctx.fillText("Fixed baseline", from - 4, y - 6);
    }
    ctx.restore();
  },
});

// Names of comparators stand beside one another, for their lines may be close.
const comparatorNames = {
  id: "names",
  afterDatasetsDraw({ ctx, chartArea, scales, data }) {
    ctx.save();
    ctx.font = FONT;
    const named = data.datasets.filter((line) => line.named);
    const room = chartArea.width / named.length;
    named.forEach((line, place) => {
      const name = ctx.measureText(line.label).width + 8 < room ? line.label : line.named; // the short one
      write(ctx, name, chartArea.left + 6 + place * room, scales.y.getPixelForValue(line.data[0]) - 5, brand);
    });
    ctx.restore();
  },
};

// The names of mean, limits and targets at their right ends, kept from running into one another; that of a former
// indicator over its first figure.
const lineNames = {
  id: "ends",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea, scales, data } = chart;
    const levels = data.datasets.filter((line) => line.stepped && !line.named && line.data.at(-1) !== null);
    const ends = levels
      .map((line) => ({
        name: chart.width >= WIDE ? line.label : line.label.split(",")[0],
        y: scales.y.getPixelForValue(line.data.at(-1)),
      }))
      .filter(({ y }) => y <= chartArea.bottom)
      .sort((one, other) => one.y - other.y);
    ctx.save();
    ctx.font = FONT;
    let below = 0;
    for (const { name, y } of ends) {
      below = Math.max(y + 4, below + 15);
      write(ctx, name, chartArea.right + 8, below, muted);
    }
    for (const line of data.datasets.slice(1).filter(({ stepped }) => stepped === false)) {
      const place = line.data.findIndex((figure) => figure !== null);
      if (place < 0) continue;
      write(ctx, line.label, scales.x.getPixelForValue(place), scales.y.getPixelForValue(line.data[place]) - 8, muted);
    }
    ctx.restore();
  },
};

function draw(data) {
  // No line leads from a figure to one that is counted otherwise.
  data.datasets[0].segment = {
    borderColor: ({ p1DataIndex }) => (data.rebases.includes(p1DataIndex) ? "transparent" : undefined),
  };
  // A point on the highest or lowest line of the axis is drawn whole.
  data.datasets[0].clip = 12;
  const chart = new Chart(live.querySelector("canvas"), {
    type: "line",
    data: { labels: data.labels, datasets: data.datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: ({ chart: { width } }) => ({ top: 20, right: width >= WIDE ? 128 : 76 }) },
      events: ["mousemove", "click", "touchstart"],
      interaction: { mode: "index", intersect: false },
      onHover: (_, elements) => elements.length && show(elements[0].index),
      scales: {
        x: { offset: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 12, color: muted } },
        y: {
          min: data.min,
          max: data.max,
          ticks: { stepSize: data.step, color: muted },
          title: { display: Boolean(data.unit), text: data.unit, color: muted },
          grid: { color: grid },
        },
      },
    },
    plugins: [
      targetBands(data.bands),
      doneAndAsked(data.marks),
      rebaseMarks(data.rebases),
      baselineMarks(data.baselines),
      comparatorNames,
      lineNames,
    ],
  });
  let shown = data.labels.length - 1;

  function show(place) {
    if (readout.dataset.place === String(place)) return;
    shown = place;
    readout.dataset.place = place;
    readout.textContent = data.readouts[place];
    chart.setActiveElements([{ datasetIndex: 0, index: place }]);
    chart.update();
  }

  live.addEventListener("keydown", (event) => {
    const last = data.labels.length - 1;
    const places = { ArrowLeft: Math.max(shown - 1, 0), ArrowRight: Math.min(shown + 1, last), Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    show(places[event.key]);
  });
  return chart;
}

async function start() {
  const answer = await fetch(live.dataset.source);
  if (!answer.ok) return;
  const data = await answer.json();
  live.hidden = false;
  live.parentElement.classList.add("is-live");
  const chart = draw(data);
  const save = document.querySelector("#chart-png");
  save.hidden = false;
  save.addEventListener("click", () => saveAsPicture(chart, data, live.dataset.file));
}

if (live) start();
