import type { Property } from "./features";
import type { Outline } from "./outline";

/** Which edge and which definitions gave the numbers; another one whenever the same image would give others. */
export const ALGORITHM = "1";

/** How colours become grey: 0.299 R + 0.587 G + 0.114 B, or one channel alone. */
export const GREY_CHOICES = ["luminance", "red", "green", "blue"] as const;
export type GreyChoice = (typeof GREY_CHOICES)[number];

/** What a kept image is served as; one of another type is a file of bytes, and so never a page or a script. */
export const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp", "image/bmp", "image/tiff"] as const;

/** At the edge by itself, moved by a person afterwards, or where the person drew it. */
export const OUTLINE_STATES = ["snapped", "adjusted", "as drawn"] as const;
export type OutlineState = (typeof OUTLINE_STATES)[number];

/** The most that is kept of one image. */
export const MOST_OUTLINES = 200;
export const MOST_POINTS = 400;
export const MOST_RECORD_BYTES = 1_000_000;
/** Measured pixels along all outlines together: the server measures them again, which takes as long as that is. */
export const MOST_LENGTH = 60_000;

export type MeasuredOutline = {
  /** In measured pixels, to two decimals: what the shape's numbers are worked out from. */
  points: Outline;
  state: OutlineState;
  /** Whether what is outlined is darker than what is around it. */
  isDark: boolean;
  /** The share of its points, 0 to 1, where an edge is clear (`snap`). */
  edgeQuality: number;
  /** Texture is null where fewer than two pixels are inside. */
  values: Record<Property, number | null>;
  /** Smoothness without the half pixels, which is kept for whoever wants to do without them. */
  plainSmoothness: number;
};

/** The image that outlines were drawn on, without its pixels and without its name. */
type MeasuredImage = {
  /** SHA-256, hexadecimal, of the file's bytes. */
  sha256: string;
  /** SHA-256, hexadecimal, of the measured grey values in 1/256, as 16-bit little-endian numbers row by row. */
  greySha256: string;
  /** As the browser calls it, such as "image/png". */
  type: string;
  /** The size in the file, in its pixels. */
  width: number;
  height: number;
  /** Measured pixels to one pixel of the file, in each direction. */
  factor: number;
  grey: GreyChoice;
};

/** What is kept with a prediction whose values were measured on an image. */
export type MeasurementRecord = {
  algorithm: string;
  image: MeasuredImage;
  outlines: readonly MeasuredOutline[];
};

/** Whether a record is more than a form may bring; digits and letters alone, so as many bytes as characters. */
export const isTooLarge = (record: MeasurementRecord) => JSON.stringify(record).length > MOST_RECORD_BYTES;

/** Below this share of clear points an outline is marked. */
const CLEAR = 0.7;
export const isUnclear = ({ edgeQuality }: Pick<MeasuredOutline, "edgeQuality">) => edgeQuality < CLEAR;

/** The points as they are kept and measured: to two decimals. */
export const asKept = (outline: Outline): Outline =>
  outline.map(([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);

/** A measured number as it stands in the form: to four digits, as in the table. */
export const measuredText = (value: number): string => String(Number(value.toPrecision(4)));
