import { refusalOf } from "@/lib/measure/checks";
import { withAtMost } from "@/lib/measure/edit";
import { measureShape, textureOf } from "@/lib/measure/features";
import type { Outline } from "@/lib/measure/outline";
import { asKept, MOST_POINTS } from "@/lib/measure/record";
import { edgeQualityAt, snap } from "@/lib/measure/snap";
import { fail, ok } from "@/lib/result";
import type { Answered, Asked, Question, Questions } from "./messages";
import { type ReadImage, readImage } from "./read-image";

// Reads the image and measures outlines on it, so that the page stays free to draw.

let open: ReadImage | null = null;

function opened(): ReadImage {
  if (open === null) throw new Error("no image is open");
  return open;
}

type Answers = { [Q in Question]: (asks: Questions[Q]["asks"]) => Promise<Questions[Q]["answers"]> };

const ANSWERS: Answers = {
  async open({ file, grey, factor }) {
    const read = await readImage(file, { grey, factor });
    if (!read.ok) return read;
    open = read.value;
    const { image, noise: _, ...rest } = read.value;
    return ok({ ...rest, measured: { width: image.width, height: image.height }, grey, factor });
  },
  async outline({ points, way, isDark }) {
    const { image, noise } = opened();
    const refusal = refusalOf(points, image);
    if (refusal !== null) return fail(refusal);
    const snapped = way === "keep" ? null : snap(image, points, { isDark, noise, isClose: way === "close" });
    const kept = asKept(withAtMost(snapped?.outline ?? points, MOST_POINTS));
    const spoiled = refusalOf(kept, image);
    if (spoiled !== null) return fail(spoiled);
    const { plainSmoothness, snakePoints: _, ...shape } = measureShape(kept);
    return ok({
      points: kept,
      isDark,
      edgeQuality: snapped?.edgeQuality ?? edgeQualityAt(image, kept, { isDark, noise }),
      values: { ...shape, texture: textureOf(kept, image) },
      plainSmoothness,
    });
  },
};

async function answerOf<Q extends Question>({ question, ...asks }: { question: Q } & Questions[Q]["asks"]) {
  return ANSWERS[question](asks as unknown as Questions[Q]["asks"]);
}

/** The first outlines take three times as long as later ones, until their code is compiled: a person should not wait for it. */
function warmUp(): void {
  const { image, noise } = opened();
  const [x, y] = [image.width / 2, image.height / 2];
  const circle: Outline = Array.from({ length: 24 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 24;
    return [x + 12 * Math.cos(angle), y + 12 * Math.sin(angle)];
  });
  if (refusalOf(circle, image) !== null || Math.min(image.width, image.height) < 40) return;
  for (let i = 0; i < 5; i++) measureShape(snap(image, circle, { noise }).outline);
}

addEventListener("message", async ({ data }: MessageEvent<Asked>) => {
  const { id } = data;
  try {
    const answer = await answerOf(data);
    const bitmaps = data.question === "open" && open !== null ? [open.bitmap] : [];
    postMessage({ id, answer } satisfies Answered, { transfer: bitmaps });
    if (bitmaps.length > 0) warmUp();
  } catch (error) {
    postMessage({ id, failure: String(error) } satisfies Answered);
  }
});
