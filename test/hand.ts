import type { Page } from "@playwright/test";
import { centreOf, distance, type Outline, type Point } from "../lib/measure/outline";

// A hand on the page that measures an image, for tests and the bench.

/** The image, which is drawn on. */
export const boardOf = (page: Page) => page.getByRole("application");

/** Where measured places are on the screen now. */
export async function screenOf(page: Page): Promise<(place: Point) => Point> {
  const [box, viewBox] = await Promise.all([
    boardOf(page).boundingBox(),
    boardOf(page).locator("svg").getAttribute("viewBox"),
  ]);
  const [left = 0, top = 0, width = 1] = (viewBox ?? "").split(" ").map(Number);
  if (box === null) throw new Error("the image is not on the page");
  const zoom = box.width / width;
  return ([x, y]) => [box.x + (x - left) * zoom, box.y + (y - top) * zoom];
}

/** A line around an outline as a hurried hand draws it: a tenth too wide, and with corners. */
export function roughly(outline: Outline, points = 14): Point[] {
  const [x, y] = centreOf(outline);
  return Array.from({ length: points }, (_, i) => {
    const [toX, toY] = outline[Math.floor((i * outline.length) / points)] as Point;
    const by = i % 2 === 0 ? 1.12 : 1.06;
    return [x + by * (toX - x), y + by * (toY - y)];
  });
}

/** How fast a hand is: pixels of the screen in a second on the way and while it draws, and how long it looks before. */
type Speed = { moving: number; drawing: number; lookingMs: number };

/** Draws a line with the mouse, and a little beyond its start, as a hand does; at once, or as fast as a hand is. */
export async function drawLine(page: Page, line: readonly Point[], speed?: Speed): Promise<void> {
  const [start = [0, 0] as const] = line;
  const wait = (ms: number) => (speed === undefined ? undefined : page.waitForTimeout(ms));
  if (speed !== undefined) {
    const [x, y] = await page.evaluate(() => {
      const { width, height } = document.body.getBoundingClientRect();
      return [Math.min(width, innerWidth) / 2, Math.min(height, innerHeight) / 2] as const;
    });
    await wait(speed.lookingMs + (1_000 * distance([x, y], start)) / speed.moving);
  }
  await page.mouse.move(...start);
  await page.mouse.down();
  let last = start;
  for (const place of [...line, ...line.slice(0, 2)]) {
    if (speed !== undefined) await wait((1_000 * distance(last, place)) / speed.drawing);
    await page.mouse.move(...place);
    last = place;
  }
  await page.mouse.up();
}
