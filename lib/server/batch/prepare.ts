import "server-only";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Unzip, UnzipInflate } from "fflate";
import type { FileShape } from "@/lib/batch/mapping";
import { csvCell } from "@/lib/exchange/spreadsheet-text";
import { fail, ok, type Result } from "@/lib/result";
import { MOST_WORKBOOK_BYTES, readWorkbook, WORKBOOK_TOO_LARGE } from "@/lib/server/workbook";
import { rowsOf, sqlText } from "./duck";
import { type Dialect, sniffText } from "./sniff";

/** A table as a local file that DuckDB reads; `dialect` is of CSV. */
export type Prepared = { path: string; shape: FileShape; dialect: Dialect | null };

/** What a file may become when it is unpacked: a small file could fill the disk. */
const MOST_UNPACKED_BYTES = 16_000_000_000;
const HEAD_BYTES = 256 * 1024;

class Unreadable extends Error {}

/**
 * Makes of an upload a table that DuckDB reads, unpacking and rewriting it in `folder` where it has to be; the error is a
 * sentence for a person. What was made once is used again.
 */
export async function prepare(
  upload: string,
  folder: string,
  connection: DuckDBConnection,
): Promise<Result<Prepared, string>> {
  try {
    return ok(await prepareTable(upload, "", folder, connection));
  } catch (error) {
    if (error instanceof Unreadable) return fail(error.message);
    throw error;
  }
}

const startsWith = (head: Buffer, ...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);

async function prepareTable(
  file: string,
  cameAs: string,
  folder: string,
  connection: DuckDBConnection,
): Promise<Prepared> {
  const { size } = await stat(file);
  if (size === 0) throw new Unreadable("The file is empty.");
  const head = await readHead(file);
  const unpacked = (as: string, make: (to: string) => Promise<void>) =>
    once(join(folder, `table${cameAs.length}`), make).then((made) =>
      prepareTable(made, cameAs === "" ? as : `${cameAs}, ${as}`, folder, connection),
    );
  if (startsWith(head, 0x1f, 0x8b) && cameAs.length < 8) return unpacked("gzip", (to) => gunzip(file, to));
  if (startsWith(head, 0x50, 0x4b, 3, 4)) {
    const isWorkbook = head.includes("[Content_Types].xml") || head.includes("xl/");
    if (isWorkbook) return unpacked("XLSX", (to) => writeWorkbook(file, size, to));
    if (cameAs.length < 8) return unpacked("ZIP", (to) => unzip(file, to));
  }
  if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw new Unreadable("This is a workbook of Excel 2003 or before. Save it as XLSX or CSV.");
  }
  if (head.subarray(0, 4).toString("latin1") === "PAR1") {
    return {
      path: file,
      shape: await shapeOf(connection, file, "parquet", cameAs || "Parquet"),
      dialect: null,
    };
  }
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
    const encoding = head[0] === 0xff ? "utf-16le" : "utf-16be";
    return unpacked("UTF-16", (to) => recode(file, to, encoding));
  }
  if (head.includes(0)) {
    throw new Unreadable(
      "This is no table that can be read here. Send CSV, TSV, XLSX, Parquet or JSON lines.",
    );
  }
  if (!isUtf8(head)) return unpacked("Windows-1252", (to) => recode(file, to, "windows-1252"));
  const text = new TextDecoder().decode(head);
  if (/^\s*[[{]/.test(text)) {
    return { path: file, shape: await shapeOf(connection, file, "json", cameAs || "JSON"), dialect: null };
  }
  const dialect = sniffText(text, head.length === size);
  if (dialect === null) {
    throw new Unreadable(
      "No table was found in it: lines of cells with a comma, semicolon or tab between them.",
    );
  }
  const { delimiter, hasHeader, columns, firstRows } = dialect;
  const kind = delimiter === "\t" ? "TSV" : "CSV";
  const shape: FileShape = {
    format: "csv",
    cameAs: cameAs === "" ? kind : cameAs,
    ...{ hasHeader, delimiter, columns, firstRows },
  };
  return { path: file, shape, dialect };
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether bytes are UTF-8, the last character aside, which may be cut off. */
function isUtf8(head: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Makes a file once: it has its name when it is whole. */
async function once(path: string, make: (to: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path;
  const part = `${path}.making`;
  await rm(part, { force: true });
  await make(part);
  await rename(part, path);
  return path;
}

function limited(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.length;
      if (bytes <= MOST_UNPACKED_BYTES) done(null, chunk);
      else done(new Unreadable(`Unpacked, it is larger than ${MOST_UNPACKED_BYTES / 1e9} GB.`));
    },
  });
}

async function gunzip(file: string, to: string): Promise<void> {
  try {
    await pipeline(createReadStream(file), createGunzip(), limited(), createWriteStream(to));
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) {
      throw new Unreadable("The gzip file is damaged or not complete.");
    }
    throw error;
  }
}

/** Unpacks the one file of a ZIP. */
async function unzip(file: string, to: string): Promise<void> {
  const names: string[] = [];
  let isWhole = false;
  const sink = limited();
  const written = pipeline(sink, createWriteStream(to));
  const reader = new Unzip((entry) => {
    // Folders, and what a Mac adds.
    if (entry.name.endsWith("/") || /(^|\/)(__MACOSX\/|\.)/.test(entry.name)) return;
    names.push(entry.name);
    if (names.length > 1) return;
    entry.ondata = (error, data, isLast) => {
      isWhole ||= isLast;
      if (error !== null) sink.destroy(new Unreadable("The ZIP file is damaged."));
      else sink.write(data);
    };
    entry.start();
  });
  reader.register(UnzipInflate);
  const push = new Writable({
    write(chunk: Uint8Array, _, done) {
      try {
        reader.push(chunk);
      } catch {
        done(new Unreadable("The ZIP file is damaged."));
        return;
      }
      if (sink.writableNeedDrain) sink.once("drain", done);
      else done();
    },
  });
  await pipeline(createReadStream(file), push).catch((error: unknown) => {
    sink.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  sink.end();
  await written;
  if (!isWhole && names.length > 0) throw new Unreadable("The ZIP file is damaged or not complete.");
  if (names.length === 0) throw new Unreadable("There is no file in the ZIP.");
  if (names.length > 1) {
    throw new Unreadable(
      `There are ${names.length} files in the ZIP, such as ${names.slice(0, 2).join(" and ")}. Send one of them.`,
    );
  }
}

async function recode(file: string, to: string, encoding: string): Promise<void> {
  const decoder = new TextDecoder(encoding);
  const text = new Transform({
    transform: (chunk: Uint8Array, _, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
  await pipeline(createReadStream(file), text, createWriteStream(to));
}

/** The first sheet of a workbook as CSV. */
async function writeWorkbook(file: string, size: number, to: string): Promise<void> {
  if (size > MOST_WORKBOOK_BYTES) throw new Unreadable(WORKBOOK_TOO_LARGE);
  const rows = await readWorkbook(await readFile(file));
  if (!rows.ok) throw new Unreadable(rows.error);
  await pipeline(
    rows.value.map((row) => `${row.map(csvCell).join(",")}\n`),
    createWriteStream(to),
  );
}

/** The columns of a Parquet or JSON file, and its first rows. */
async function shapeOf(
  connection: DuckDBConnection,
  file: string,
  format: "parquet" | "json",
  cameAs: string,
): Promise<FileShape> {
  const source = format === "parquet" ? `read_parquet(${sqlText(file)})` : `read_json(${sqlText(file)})`;
  try {
    const columns = (await rowsOf(connection, `DESCRIBE SELECT * FROM ${source}`)).map(([name]) =>
      String(name),
    );
    const rows = await rowsOf(connection, `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${source} LIMIT 20`);
    const firstRows = rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell))));
    return { format, cameAs, hasHeader: true, delimiter: "", columns, firstRows };
  } catch {
    throw new Unreadable(
      format === "parquet"
        ? "The Parquet file is damaged or not complete."
        : "The JSON cannot be read as a table. Write one object on each line, with a name for each value.",
    );
  }
}
