import { expect, type Page, test } from "@playwright/test";
import { build } from "esbuild";
import sharp from "sharp";
import { inProject } from "../aws/cdk/project";
import { tiffOf } from "../test/tiff";

// What reads an image's file, in a worker of its own as the page that measures has it, and nothing of the application else.

const WORKER = `
  import { readImage } from "./components/measure/read-image";
  onmessage = async ({ data: { file, options } }) => {
    const read = await readImage(file, options);
    if (!read.ok) return postMessage({ error: read.error });
    const { bitmap, image, hashes, ...rest } = read.value;
    const eye = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    eye.drawImage(bitmap, 0, 0);
    const colours = [...eye.getImageData(0, 0, 1, 1).data];
    postMessage({ ...rest, ...hashes, colours, size: [image.width, image.height], grey: [...image.data] });
  };
`;

type Read = {
  error?: string;
  type: string;
  width: number;
  note: string | null;
  sha256: string;
  greySha256: string;
  colours: number[];
  size: [number, number];
  grey: number[];
};

/** A page that has nothing but the worker; over plain HTTP a browser has no SHA-256 of its own. */
async function openReader(
  page: Page,
  origin: string,
): Promise<(file: Uint8Array, factor?: number) => Promise<Read>> {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: inProject(""), sourcefile: "worker.ts", loader: "ts" },
    bundle: true,
    format: "esm",
    splitting: true,
    outdir: inProject("dist/none"),
    write: false,
  });
  const scripts = new Map(outputFiles.map(({ path, text }) => [path.split("/").at(-1), text]));
  await page.route(`${origin}/**`, (route) => {
    const script = scripts.get(new URL(route.request().url()).pathname.slice(1));
    return route.fulfill(
      script === undefined
        ? { contentType: "text/html", body: "<!doctype html><title>Reader</title>" }
        : { contentType: "text/javascript", body: script },
    );
  });
  await page.goto(origin);
  return (file, factor = 1) =>
    page.evaluate(
      ([base64, scale]) =>
        new Promise<Read>((resolve, reject) => {
          const worker = new Worker("/stdin.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const options = { grey: "luminance", factor: scale };
          worker.postMessage({ file: new Blob([bytes]), options });
        }),
      [Buffer.from(file).toString("base64"), factor] as const,
    );
}

const WIDTH = 61;
const HEIGHT = 37;
/** Slopes and a step, and every grey there is. */
const GREYS = Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
  i % WIDTH < 20 ? Math.round((i / WIDTH) * 6.9) % 256 : (2 * (i % WIDTH) + 3 * Math.floor(i / WIDTH)) % 256,
);

const tiff = (bits: 8 | 16, isBigEndian: boolean) =>
  new Uint8Array(
    tiffOf({
      ...{ width: WIDTH, height: HEIGHT, samples: 1, bits, isBigEndian },
      data: bits === 8 ? GREYS : GREYS.map((grey) => 257 * grey),
    }),
  );

test("an image's grey values are the same from every kind of file", async ({ page }) => {
  const read = await openReader(page, "https://images.test");
  const picture = sharp(Uint8Array.from(GREYS), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
  const png = await picture.clone().png().toBuffer();
  const first = await read(png);
  expect(first).toMatchObject({
    type: "image/png",
    width: WIDTH,
    size: [WIDTH, HEIGHT],
    note: null,
    grey: GREYS,
  });
  const [corner] = GREYS;
  expect(first.colours).toEqual([corner, corner, corner, 255]);

  const others = [
    tiff(8, false),
    tiff(8, true),
    tiff(16, false),
    tiff(16, true),
    await picture.clone().tiff({ compression: "lzw", predictor: "horizontal" }).toBuffer(),
    await picture.clone().toColourspace("srgb").tiff({ compression: "deflate" }).toBuffer(),
    await picture.clone().webp({ lossless: true }).toBuffer(),
  ];
  for (const file of others) {
    const { grey, greySha256, colours } = await read(file);
    expect({ grey, greySha256, colours }).toEqual({
      grey: GREYS,
      greySha256: first.greySha256,
      colours: first.colours,
    });
  }

  const jpeg = await picture.clone().jpeg({ quality: 100 }).toBuffer();
  const lossy = await read(jpeg);
  expect(lossy.type).toBe("image/jpeg");
  expect(Math.max(...lossy.grey.map((grey, i) => Math.abs(grey - (GREYS[i] as number))))).toBeLessThanOrEqual(
    2,
  );

  expect((await read(png, 0.5)).size).toEqual([31, 19]);
  for (const file of [png.subarray(0, png.length / 2), jpeg.subarray(0, -1)])
    expect((await read(file)).error).toMatch(/^The image is damaged/);
  expect((await read(tiff(8, true).subarray(0, 200))).error).toMatch(/^This TIFF cannot be read here/);
  const tiles = await picture
    .clone()
    .toColourspace("srgb")
    .tiff({ tile: true, compression: "lzw" })
    .toBuffer();
  expect((await read(tiles)).error).toMatch(/^This TIFF cannot be read here: it is stored in tiles/);

  // Where the browser has no SHA-256 of its own, which is over plain HTTP from another machine.
  const readInsecurely = await openReader(page, "http://images.test");
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  const { sha256, greySha256 } = await readInsecurely(png);
  expect({ sha256, greySha256 }).toEqual({ sha256: first.sha256, greySha256: first.greySha256 });
});
