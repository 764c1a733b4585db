import { afterAll, describe, expect, it } from "vitest";
import { stampOf } from "@/lib/privacy/case";
import { measuring } from "@/tables/current";
import { IMAGE, recordOf, sha256, valuesOf } from "@/test/measured";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { predict } = await import("@/app/actions");
const { database } = await import("@/lib/server/database/db");
const { deletePredictions, purgePredictions } = await import("@/lib/server/history/selection");
const { eraseCase, exportCase, findCase } = await import("@/lib/server/privacy/case");
const { countOutlines, findImage, findMeasurement, keepImage } = await import("./measurements");

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

const RECORD = recordOf(12);
const TEXTS = Object.fromEntries(
  Object.entries(valuesOf(RECORD)).map(([key, value]) => [key, String(value)]),
);
const newKey = () => crypto.randomUUID();

/** What the form sends; gives the saved prediction. */
async function save(sent: object = {}) {
  const outcome = await predict({ key: newKey(), caseCode: "", values: TEXTS, measurement: RECORD, ...sent });
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}
const rows = async () => {
  const db = await database();
  return [await db.prediction.count(), await db.measurement.count(), await db.measuredImage.count()];
};

describe("a prediction of a measured image", () => {
  it("is saved with its outlines as they came, and once however often the form is sent", async () => {
    const key = newKey();
    const { id, source } = await save({ key });
    expect(source).toBe("image");
    const found = { record: RECORD, changed: [], synthetic: false, hasImage: false };
    expect(await findMeasurement(id)).toEqual({ ok: true, value: found });
    expect(await countOutlines([id])).toEqual({ ok: true, value: new Map([[id, 12]]) });
    const before = await rows();
    const again = await Promise.all([save({ key }), save({ key }), save({ key, measurement: undefined })]);
    expect(again.map((one) => one.id)).toEqual([id, id, id]);
    expect(await rows()).toEqual(before);
  });

  it("comes with others that are saved at the same time, each with its own", async () => {
    const counts = [3, 5, 0, 7, 12];
    const saved = await Promise.all(
      counts.map((count) => {
        const record = count === 0 ? undefined : recordOf(count, sha256(`${count}`));
        return save({ measurement: record });
      }),
    );
    const counted = await countOutlines(saved.map(({ id }) => id));
    expect(counted.ok && saved.map(({ id }) => counted.value.get(id) ?? 0)).toEqual(counts);
    expect(saved.map(({ source }) => source)).toEqual(["image", "image", "form", "image", "image"]);
  });

  it("says which values somebody changed", async () => {
    const { id } = await save({ values: { ...TEXTS, texture_se: "1.5" } });
    expect(await findMeasurement(id)).toMatchObject({ value: { changed: ["texture_se"] } });
  });

  it("of an image drawn by a computer is a sample, whatever was sent of it", async () => {
    const [demo] = (measuring?.demos ?? []).filter((one) => one.sha256 !== "");
    const { id, source } = await save({ measurement: recordOf(4, demo?.sha256 ?? sha256("a real one")) });
    expect(source).toBe(demo === undefined ? "image" : "sample");
    expect(await findMeasurement(id)).toMatchObject({ value: { synthetic: demo !== undefined } });
  });

  it("is refused whole where a number of a shape is another, and its values stay in the form", async () => {
    const before = await rows();
    const [first, ...others] = RECORD.outlines;
    const wrong = { ...first, values: { ...first?.values, area: 1 } };
    const measurement = { ...RECORD, outlines: [wrong, ...others] };
    expect(await predict({ key: newKey(), caseCode: "", values: TEXTS, measurement })).toEqual({
      ok: false,
      error: {
        code: "invalid_form",
        message: expect.stringMatching(
          /^Outline 1 has other numbers .* your values are still in the form\.$/,
        ),
      },
    });
    expect(await rows()).toEqual(before);
  });
});

describe("an image", () => {
  it("is kept once, with the prediction that was measured on that very file", async () => {
    const { id } = await save();
    const other = await save({ measurement: undefined });
    const keep = async (to: string, bytes: Uint8Array) => {
      const kept = await keepImage(to, bytes);
      return kept.ok && kept.value;
    };
    expect(await findImage(id)).toEqual({ ok: true, value: null });
    expect(await keep(id, Buffer.from("another"))).toBe("another_file");
    expect(await keep(other.id, IMAGE)).toBe("not_measured");
    expect(await keep("0190c8a0-0000-7000-8000-00000000dead", IMAGE)).toBe("not_measured");
    const kept = await Promise.all([keep(id, IMAGE), keep(id, IMAGE), keep(id, IMAGE)]);
    expect(kept.sort()).toEqual(["kept", "there_already", "there_already"]);
    expect(await keep(id, IMAGE)).toBe("there_already");
    const found = await findImage(id);
    if (!found.ok || found.value === null) throw new Error("not found");
    expect(Buffer.from(found.value.bytes).equals(IMAGE)).toBe(true);
    expect(found.value.type).toBe("image/png");
    expect(await findMeasurement(id)).toMatchObject({ value: { hasImage: true } });
  });

  it.each([
    ["image/tiff", "image/tiff"],
    ["image/svg+xml", "application/octet-stream"],
    ["text/html", "application/octet-stream"],
    ["image", "application/octet-stream"],
  ])("that was called %s is served as %s", async (type, servedAs) => {
    const { id } = await save({ measurement: { ...RECORD, image: { ...RECORD.image, type } } });
    await keepImage(id, IMAGE);
    expect(await findImage(id)).toMatchObject({ value: { type: servedAs } });
    expect(await findMeasurement(id)).toMatchObject({ value: { record: { image: { type } } } });
  });

  it("of several megabytes comes back as it went, and none is kept with what is in the bin", async () => {
    const large = Buffer.alloc(20_000_000, "0123456789abcdef\0");
    const { id } = await save({ measurement: recordOf(3, sha256(large)) });
    await deletePredictions([id]);
    expect(await keepImage(id, large)).toEqual({ ok: true, value: "not_measured" });
    const another = await save({ measurement: recordOf(3, sha256(large)) });
    expect(await keepImage(another.id, large)).toEqual({ ok: true, value: "kept" });
    const found = await findImage(another.id);
    expect(found.ok && found.value && sha256(found.value.bytes)).toBe(sha256(large));
  });

  it("goes with its prediction, and nothing is left", async () => {
    const before = await rows();
    const { id } = await save();
    await keepImage(id, IMAGE);
    await deletePredictions([id]);
    await purgePredictions([id]);
    expect(await rows()).toEqual(before);
  });

  it("is in what is handed out of a case, and goes when that is erased", async () => {
    const before = await rows();
    const { id } = await save({ caseCode: "IMAGE-1" });
    await save({ caseCode: "IMAGE-1", measurement: undefined });
    await keepImage(id, IMAGE);
    const made = await exportCase("IMAGE-1");
    if (!made.ok) throw made.error.cause;
    let text = "";
    for await (const piece of made.value) text += piece;
    const { predictions } = JSON.parse(text) as {
      predictions: { measurement: { outlines: string; image: string } | null }[];
    };
    const [measured, typed] = predictions;
    expect(predictions).toHaveLength(2);
    expect(typed?.measurement).toBeNull();
    expect(JSON.parse(measured?.measurement?.outlines ?? "")).toEqual(RECORD.outlines);
    expect(Buffer.from(measured?.measurement?.image ?? "", "base64").equals(IMAGE)).toBe(true);
    const found = await findCase("IMAGE-1");
    if (!found.ok) throw found.error.cause;
    expect(found.value.predictions).toMatchObject({ count: 2, images: 1 });
    expect(await eraseCase("IMAGE-1", stampOf(found.value), [])).toMatchObject({ value: { left: false } });
    expect(await rows()).toEqual(before);
  });
});
