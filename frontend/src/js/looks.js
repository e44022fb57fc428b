// What can be said of a picture before it is sent: is it sharp, light enough, without reflections, and does a paper fill the frame.
// Pure functions over grey pixels (Uint8ClampedArray or Uint8Array, row by row), so that they can be tried without a camera.

export function greys(rgba) {
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i += 1) grey[i] = (rgba[4 * i] * 77 + rgba[4 * i + 1] * 150 + rgba[4 * i + 2] * 29) >> 8;
  return grey;
}

// The variance of the Laplacian: what is out of focus or moved has little of it.
export function sharpness(grey, width, height) {
  let sum = 0, squares = 0, count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      const value = 4 * grey[i] - grey[i - 1] - grey[i + 1] - grey[i - width] - grey[i + width];
      sum += value; squares += value * value; count += 1;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}

export function light(grey) {
  let sum = 0, burnt = 0;
  for (const value of grey) { sum += value; if (value > 250) burnt += 1; }
  return { mean: sum / grey.length, burnt: burnt / grey.length };
}

// How many of the frame's four sides show an edge along most of their length: within a band of the side, the strongest step across it.
export function sides(grey, width, height, frame) {
  const band = Math.round(Math.min(width, height) * 0.08);
  const at = (x, y) => grey[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))];
  const steps = 24, strong = 24;
  const found = (point, across) => {
    let seen = 0;
    for (let s = 1; s <= steps; s += 1) {
      const [x, y] = point(s / (steps + 1));
      let best = 0;
      for (let d = -band; d <= band; d += 1) {
        const [ax, ay] = across;
        best = Math.max(best, Math.abs(at(Math.round(x + (d + 1) * ax), Math.round(y + (d + 1) * ay)) - at(Math.round(x + (d - 1) * ax), Math.round(y + (d - 1) * ay))));
      }
      if (best > strong) seen += 1;
    }
    return seen > steps * 0.6;
  };
  const { x0, y0, x1, y1 } = frame;
  return [
    found((t) => [x0 + (x1 - x0) * t, y0], [0, 1]),
    found((t) => [x0 + (x1 - x0) * t, y1], [0, 1]),
    found((t) => [x0, y0 + (y1 - y0) * t], [1, 0]),
    found((t) => [x1, y0 + (y1 - y0) * t], [1, 0]),
  ].filter(Boolean).length;
}

// The frame that a paper of this shape (width by height) has in a picture, as large as it goes.
export function frameOf(width, height, shape) {
  const fit = shape || width / height;
  const w = Math.min(width * 0.9, height * 0.9 * fit), h = w / fit;
  return { x0: (width - w) / 2, y0: (height - h) / 2, x1: (width + w) / 2, y1: (height + h) / 2 };
}

const SHARP = 45, DARK = 55, BURNT = 0.12;

// The one thing to say about a picture: a key of the page's words, "" when nothing is wrong. `frame` only where it is looked for.
export function advice(grey, width, height, frame = null) {
  const { mean, burnt } = light(grey);
  if (mean < DARK) return "dark";
  if (burnt > BURNT && mean < 225) return "glare";
  if (frame && sides(grey, width, height, frame) < 3) return "edges";
  if (sharpness(grey, width, height) < SHARP) return "blurred";
  return "";
}
