type Picture = {
  width: number;
  height: number;
  bits: 8 | 16;
  samples: 1 | 2 | 3 | 4;
  data: readonly number[];
  isBigEndian?: boolean;
  pages?: number;
  /** Only named: the bytes are not compressed. */
  compression?: number;
  /** Entries of one number beyond those that every page has. */
  more?: readonly (readonly [tag: number, value: number])[];
  /** Whether the last page names the first as the next one. */
  isCircle?: boolean;
};

const SHORT = 3;
const LONG = 4;

/** A TIFF of one strip a page, as the specification (revision 6.0) has it; every page has the same picture. */
export function tiffOf({
  width,
  height,
  bits,
  samples,
  data,
  isBigEndian = false,
  pages = 1,
  compression = 1,
  more = [],
  isCircle = false,
}: Picture) {
  const isLittleEndian = !isBigEndian;
  const strip = (data.length * bits) / 8;
  const tags = 10 + more.length;
  const directory = 2 + 12 * tags + 4;
  // The bits of three samples do not fit into their entry.
  const page = directory + 8 + strip + (strip % 2);
  const view = new DataView(new ArrayBuffer(8 + pages * page));
  view.setUint16(0, isLittleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittleEndian);
  view.setUint32(4, 8, isLittleEndian);
  for (let at = 0; at < pages; at++) {
    const start = 8 + at * page;
    const bitsAt = start + directory;
    const stripAt = bitsAt + 8;
    const entries: [tag: number, type: number, count: number, value: number][] = [
      [256, LONG, 1, width],
      [257, LONG, 1, height],
      [258, SHORT, samples, samples <= 2 ? bits : bitsAt],
      [259, SHORT, 1, compression],
      [262, SHORT, 1, samples <= 2 ? 1 : 2],
      [273, LONG, 1, stripAt],
      [277, SHORT, 1, samples],
      [278, LONG, 1, height],
      [279, LONG, 1, strip],
      [284, SHORT, 1, 1],
      ...more.map(([tag, value]) => [tag, SHORT, 1, value] as [number, number, number, number]),
    ];
    view.setUint16(start, tags, isLittleEndian);
    for (const [i, [tag, type, count, value]] of entries.entries()) {
      const entry = start + 2 + 12 * i;
      view.setUint16(entry, tag, isLittleEndian);
      view.setUint16(entry + 2, type, isLittleEndian);
      view.setUint32(entry + 4, count, isLittleEndian);
      if (type === SHORT && count === 1) view.setUint16(entry + 8, value, isLittleEndian);
      else view.setUint32(entry + 8, value, isLittleEndian);
    }
    view.setUint32(start + 2 + 12 * tags, at + 1 < pages ? start + page : isCircle ? 8 : 0, isLittleEndian);
    for (let sample = 0; sample < 4; sample++) view.setUint16(bitsAt + 2 * sample, bits, isLittleEndian);
    for (const [i, value] of data.entries()) {
      if (bits === 8) view.setUint8(stripAt + i, value);
      else view.setUint16(stripAt + 2 * i, value, isLittleEndian);
    }
  }
  return view.buffer;
}
