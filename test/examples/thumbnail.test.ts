/** The example that makes thumbnails, with S3 in memory. */
import { rmSync } from "node:fs";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { decode, encode } from "jpeg-js";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Aws, startAws } from "../aws/server.ts";
import { loggedIn } from "../support/landform.ts";
import { call, unpack } from "./unpacked.ts";

const BUCKET = "uploads";

let directory: string;
let aws: Aws;
let env: Record<string, string>;
let s3: S3Client;
beforeAll(async () => {
  directory = unpack("thumbnail");
  aws = await startAws();
  // By its number, or the bucket would come before the name.
  const endpoint = aws.endpoint.replace("localhost", "127.0.0.1");
  env = { ...(await loggedIn(aws, "111111111111")), AWS_ENDPOINT_URL: endpoint };
  s3 = new S3Client({
    endpoint,
    region: "eu-west-1",
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await aws.stop();
});

type Color = readonly [red: number, green: number, blue: number, opacity: number];

/** A picture whose left half has one color and whose right half another. */
function halves(width: number, height: number, left: Color, right: Color): PNG {
  const png = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) png.data.set(at % width < width / 2 ? left : right, at * 4);
  return png;
}

const put = (key: string, body: Buffer) =>
  s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));

async function get(key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Tells the function of an object, as EventBridge does. */
const tell = (key: string, size = 1000) =>
  call(
    directory,
    "node",
    {
      source: "aws.s3",
      "detail-type": "Object Created",
      detail: { bucket: { name: BUCKET }, object: { key, size } },
    },
    env,
  );

const RED: Color = [255, 0, 0, 255];
const BLUE: Color = [0, 0, 255, 255];
const CLEAR: Color = [0, 255, 0, 0];

test("a PNG becomes a small PNG that looks the same", async () => {
  await put("holiday/beach 1.png", PNG.sync.write(halves(1000, 500, RED, BLUE)));
  expect(await tell("holiday/beach 1.png")).toEqual({
    answer: { thumbnail: "thumbnails/holiday/beach 1.png" },
  });
  const small = PNG.sync.read(await get("thumbnails/holiday/beach 1.png"));
  expect([small.width, small.height]).toEqual([256, 128]);
  const at = (x: number, y: number) => [...small.data.subarray((y * 256 + x) * 4, (y * 256 + x) * 4 + 4)];
  expect([at(0, 0), at(126, 127), at(129, 0), at(255, 127)]).toEqual([RED, RED, BLUE, BLUE]);
});

test("a JPEG becomes a small JPEG", async () => {
  const { width, height, data } = halves(300, 600, RED, BLUE);
  await put("portrait.jpg", encode({ width, height, data }, 95).data);
  await tell("portrait.jpg");
  const small = decode(await get("thumbnails/portrait.jpg"));
  expect([small.width, small.height]).toEqual([128, 256]);
  expect(small.data[0]).toBeGreaterThan(240);
  expect(small.data[127 * 4 + 2]).toBeGreaterThan(240);
});

test("what can't be seen has no color, and a small picture stays as large as it is", async () => {
  await put("logo.png", PNG.sync.write(halves(512, 2, RED, CLEAR)));
  await tell("logo.png");
  const logo = PNG.sync.read(await get("thumbnails/logo.png"));
  expect([logo.width, logo.height, ...logo.data.subarray(0, 4)]).toEqual([256, 1, ...RED]);
  await put("dot.png", PNG.sync.write(halves(2, 1, RED, CLEAR)));
  await tell("dot.png");
  const dot = PNG.sync.read(await get("thumbnails/dot.png"));
  expect([dot.width, dot.height]).toEqual([2, 1]);
  expect([...dot.data]).toEqual([...RED, 0, 0, 0, 0]);
});

test("thumbnails of thumbnails are not made, nor of what is no picture", async () => {
  expect(await tell("thumbnails/portrait.jpg")).toEqual({ answer: { skipped: "it is a thumbnail" } });
  await put("notes.txt", Buffer.from("not a picture"));
  expect(await tell("notes.txt")).toEqual({ answer: { skipped: "it is neither a PNG nor a JPEG" } });
  expect(await tell("film.png", 1e9)).toEqual({ answer: { skipped: "it is too large" } });
});

test("a small file that would unpack to a huge picture is refused before it is", async () => {
  const png = PNG.sync.write(halves(1, 1, RED, RED));
  png.writeUInt32BE(100_000, 16);
  png.writeUInt32BE(100_000, 20);
  await put("bomb.png", png);
  expect(await tell("bomb.png")).toEqual({ error: "a picture of 10000000000 pixels is too large" });
});
