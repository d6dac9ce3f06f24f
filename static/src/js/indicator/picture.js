// A chart as a picture to download: on white, under its title, with the names of its lines.
import { ink } from "../../palette.json";

const MARGIN = 16;
const LINE = 22;

export function saveAsPicture(chart, data, name) {
  const { canvas, width, height } = chart;
  const scale = canvas.width / width;
  const picture = document.createElement("canvas");
  picture.width = canvas.width + 2 * MARGIN * scale;
  picture.height = canvas.height + (2 * MARGIN + 2 * LINE) * scale;
  const context = picture.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = ink;
  context.font = "bold 15px sans-serif";
  context.fillText(data.title, MARGIN, MARGIN + LINE / 2, width);
  context.drawImage(canvas, MARGIN, MARGIN + LINE, width, height);
  names(context, data.datasets, MARGIN + LINE + height + LINE);
  picture.toBlob((blob) => offer(blob, name), "image/png");
}

function names(context, lines, y) {
  context.font = "12px sans-serif";
  let x = MARGIN;
  for (const line of lines) {
    context.strokeStyle = line.borderColor;
    context.lineWidth = 2;
    context.setLineDash(line.borderDash || []);
    context.beginPath();
    context.moveTo(x, y - 4);
    context.lineTo(x + 24, y - 4);
    context.stroke();
    context.fillText(line.label, x + 30, y);
    x += 48 + context.measureText(line.label).width;
  }
}

function offer(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
