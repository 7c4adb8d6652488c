/** Pictures made smaller, in plain JavaScript: nothing has to be compiled for the machine it runs on. */
import { decode, encode } from "jpeg-js";
import { PNG } from "pngjs";

export type PictureType = "image/png" | "image/jpeg";

/** Pixels as red, green, blue and opacity, a byte each. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The longer side of a small copy, in pixels. */
const SIDE = 256;
const QUALITY = 80;
/** The most pixels that are taken, in millions: four bytes each must fit into memory, twice. */
const MOST = 20;

/** What a picture is by how it begins; undefined where it is something else. */
export function typeOf(bytes: Buffer): PictureType | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))) return "image/png";
  return bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) ? "image/jpeg" : undefined;
}

/** A picture of the same type that is no larger than `SIDE` on either side; one that is small enough stays as large. */
export function shrink(bytes: Buffer, type: PictureType): Buffer {
  const small = scale(type === "image/png" ? decodePng(bytes) : decodeJpeg(bytes));
  return type === "image/png" ? encodePng(small) : encode(small, QUALITY).data;
}

function decodePng(bytes: Buffer): Pixels {
  // The size stands at a fixed place, before anything is unpacked.
  const pixels = bytes.readUInt32BE(16) * bytes.readUInt32BE(20);
  if (pixels > MOST * 1e6) throw new Error(`a picture of ${pixels} pixels is too large`);
  return PNG.sync.read(bytes);
}

const decodeJpeg = (bytes: Buffer): Pixels =>
  decode(bytes, { maxResolutionInMP: MOST, maxMemoryUsageInMB: 192, formatAsRGBA: true, useTArray: true });

function encodePng({ width, height, data }: Pixels): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png);
}

/** Each pixel of the small copy is the mean of those it stands for. */
function scale(picture: Pixels): Pixels & { readonly data: Buffer } {
  const factor = Math.max(1, Math.max(picture.width, picture.height) / SIDE);
  const width = Math.max(1, Math.round(picture.width / factor));
  const height = Math.max(1, Math.round(picture.height / factor));
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = { x: Math.floor(x * factor), y: Math.floor(y * factor) };
      const to = {
        x: Math.min(picture.width, Math.max(from.x + 1, Math.floor((x + 1) * factor))),
        y: Math.min(picture.height, Math.max(from.y + 1, Math.floor((y + 1) * factor))),
      };
      data.set(mean(picture, from, to), (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Colors count as much as they are opaque, or the color of what can't be seen would shine through. */
function mean({ width, data }: Pixels, from: Point, to: Point): number[] {
  const sum = [0, 0, 0, 0];
  for (let y = from.y; y < to.y; y++) {
    for (let x = from.x; x < to.x; x++) {
      const at = (y * width + x) * 4;
      const opacity = data[at + 3] ?? 0;
      for (let color = 0; color < 3; color++)
        sum[color] = (sum[color] ?? 0) + (data[at + color] ?? 0) * opacity;
      sum[3] = (sum[3] ?? 0) + opacity;
    }
  }
  const [red = 0, green = 0, blue = 0, opacity = 0] = sum;
  const colors = [red, green, blue].map((color) => Math.round(color / (opacity || 1)));
  return [...colors, Math.round(opacity / ((to.x - from.x) * (to.y - from.y)))];
}
