// The live chart of an indicator's page. Without it the page shows the server's drawing, which stays for paper.
import { CategoryScale, Chart, LinearScale, LineController, LineElement, PointElement } from "chart.js";

import { brand, good, grid, muted } from "../palette.json";
import { saveAsPicture } from "./indicator/picture.js";

Chart.register(CategoryScale, LinearScale, LineController, LineElement, PointElement);

const live = document.querySelector("#chart-live");
const readout = document.querySelector("#chart-readout");

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
    ctx.font = "12px sans-serif";
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
    ctx.fillStyle = brand;
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = 4;
    ctx.font = "12px sans-serif";
    const named = data.datasets.filter((line) => line.named);
    const room = chartArea.width / named.length;
    named.forEach((line, place) => {
      const name = ctx.measureText(line.label).width + 8 < room ? line.label : line.named; // the short one
      const at = [chartArea.left + 6 + place * room, scales.y.getPixelForValue(line.data[0]) - 5];
      ctx.strokeText(name, ...at); // a white rim, so that it can be read over a line
      ctx.fillText(name, ...at);
    });
    ctx.restore();
  },
};

function draw(data) {
  // No line leads from a figure to one that is counted otherwise.
  data.datasets[0].segment = {
    borderColor: ({ p1DataIndex }) => (data.rebases.includes(p1DataIndex) ? "transparent" : undefined),
  };
  const chart = new Chart(live.querySelector("canvas"), {
    type: "line",
    data: { labels: data.labels, datasets: data.datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
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
    plugins: [targetBands(data.bands), rebaseMarks(data.rebases), baselineMarks(data.baselines), comparatorNames],
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
