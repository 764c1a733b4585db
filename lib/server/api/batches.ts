import "server-only";
import { z } from "@hono/zod-openapi";
import type { Context, Handler } from "hono";
import type { Batch, BatchState } from "@/lib/batch/batch";
import { type FileShape, type Mapping, mapping } from "@/lib/batch/mapping";
import {
  type BatchCursor,
  batchId,
  batchParameters,
  DEFAULT_BATCH_QUERY,
  parseBatchQuery,
} from "@/lib/batch/query";
import { searchParamsOf } from "@/lib/list-address";
import { fail, ok, type Result } from "@/lib/result";
import { isNotAllowed, requireRight } from "@/lib/server/access/actor";
import {
  changeMapping,
  createBatch,
  deleteBatch,
  findBatch,
  listBatches,
  MOST_UPLOAD_BYTES,
  pauseBatch,
  resumeBatch,
  startBatch,
  stopBatch,
} from "@/lib/server/batch/batches";
import { batchEvents, EVENT_HEADERS } from "@/lib/server/batch/events";
import {
  BATCH_FORMATS,
  type BatchFile,
  exportBadRows,
  exportRows,
  streamOf,
} from "@/lib/server/batch/export";
import { openInbox } from "@/lib/server/batch/inbox";
import { findRow, listRows } from "@/lib/server/batch/rows";
import type { StoreError } from "@/lib/server/database/store";
import { BUSY, takePlace, untilEnd } from "@/lib/server/limits/at-once";
import { log } from "@/lib/server/log";
import { FEATURE_KEYS, table } from "@/tables/current";
import { batchSummary, batchView, rowView, rowViewOf, summaryOf, viewOf } from "./batch-view";
import { type Api, addOperation, BASE, type Bindings, invalidBody, readBody } from "./operation";
import { DEFAULT_LIMIT, LINK_HEADER, linkPages, MOST_LISTED, pageLinks, readPageAddress } from "./pages";
import { type FieldError, NOT_READ, type Refusal, refuse, storeRefusal } from "./problem";

export function addBatches(api: Api): void {
  addOperation(api, CREATE, create);
  addOperation(api, LIST, list);
  addOperation(api, READ, read);
  addOperation(api, CHANGE, changeColumns);
  for (const action of ACTIONS) addOperation(api, actionOf(action), act(action));
  addOperation(api, DELETE, remove);
  addOperation(api, ROWS, rows);
  addOperation(api, ROW, row);
  addOperation(api, RESULTS, results);
  addOperation(api, BAD_ROWS, badRows);
  addOperation(api, EVENTS, events);
}

const EXAMPLE_ID = "0190c8a0-0000-7000-8000-000000000002";
const idParameter = z.uuid().openapi({ param: { name: "id", in: "path" }, example: EXAMPLE_ID });
const params = z.object({ id: idParameter });

const NO_SUCH: Refusal = { kind: "not-found", detail: "No batch has this id." };
const FILES: Refusal = {
  kind: "files-unavailable",
  detail: "The files of batches cannot be used. The log says why.",
  retryAfter: 5,
};

/** The batch that a request's address names, deleted or not. */
async function find(c: Context<Bindings>): Promise<Result<Batch, Refusal>> {
  const id = batchId.safeParse(c.req.param("id"));
  if (!id.success) return fail(NO_SUCH);
  const found = await findBatch(id.data.toLowerCase());
  if (!found.ok) return fail(storeRefusal(found.error));
  return found.value === null ? fail(NO_SUCH) : ok(found.value);
}

/** The parameters of an address, or a sentence on the one that is not allowed. */
function readQuery<T>(c: Context<Bindings>, schema: z.ZodType<T>): Result<T, Refusal> {
  const parsed = schema.safeParse(searchParamsOf(new URL(c.req.url).searchParams));
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const detail =
    issue?.code === "unrecognized_keys"
      ? `There is no parameter "${issue.keys[0]?.slice(0, 40)}".`
      : `"${String(issue?.path[0])}": ${issue?.message}`;
  return fail({ kind: "malformed-request", detail });
}

/** What a file may be sent as. No form, and no text/plain: any site's page can send those. */
const FILE_TYPES = [
  "text/csv",
  "text/tab-separated-values",
  "application/x-ndjson",
  "application/vnd.apache.parquet",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/gzip",
  "application/zip",
  "application/octet-stream",
] as const;
const LONGEST_NAME = 200;
const LONGEST_URL = 1_000;

const newBatch = z
  .strictObject({
    url: z.string().max(LONGEST_URL).openapi({
      description: "BATCH_URL, then /inbox/ and the name of a file that is there. No other address is taken.",
    }),
  })
  .openapi("NewBatch");

const createQuery = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(LONGEST_NAME)
    .optional()
    .openapi({ description: "What the file is called.", example: "cases.csv" }),
  start: z
    .enum(["true", "false"])
    .optional()
    .openapi({ description: "true: answered as soon as it is read, where nothing is in doubt." }),
});

const CREATE = {
  method: "post",
  path: "/batches",
  operationId: "createBatch",
  tag: "Batches",
  summary: "Send a file of cases",
  description: `The body is the file itself, at most ${MOST_UPLOAD_BYTES / 1e9} GB: CSV with any delimiter, JSON lines, Parquet or XLSX, also packed by gzip or ZIP. Its content, not its type, says what it is. Or it is JSON that names a file which lies beside the batches. It is checked in the background; with start=true it is answered then, unless a column or the file as a whole is in doubt.`,
  query: createQuery,
  body: { schema: newBatch, example: { url: "file:./data/batches/inbox/cases.csv" }, files: FILE_TYPES },
  answers: {
    202: { description: "Kept, and to be checked.", schema: batchView, headers: { Location: "The batch." } },
  },
  problems: ["database-unavailable", "files-unavailable"],
} as const;

const typeOf = (c: Context<Bindings>) =>
  (c.req.header("content-type") ?? "").replace(/\s*;.*$/s, "").toLowerCase();
const TOO_LARGE: Refusal = {
  kind: "body-too-large",
  detail: `A file can have ${MOST_UPLOAD_BYTES / 1e9} GB.`,
};
const EMPTY: Refusal = { kind: "malformed-request", detail: "The file is empty." };

async function create(c: Context<Bindings>): Promise<Response> {
  const query = readQuery(c, createQuery);
  if (!query.ok) return refuse(c, query.error);
  // The answer is what reading the batch gives.
  for (const right of ["predict", "read"] as const) requireRight(right);
  const file = await findFile(c);
  if (!file.ok) return refuse(c, file.error);
  const { start, name = file.value.name } = query.value;
  let refusal: Refusal | null = null;
  const stopWith = (why: Refusal) => {
    refusal = why;
    return new Error(why.detail);
  };
  const limited = async function* () {
    let size = 0;
    for await (const chunk of file.value.bytes) {
      size += chunk.length;
      if (size > MOST_UPLOAD_BYTES) throw stopWith(TOO_LARGE);
      yield chunk;
    }
    if (size === 0) throw stopWith(EMPTY);
  };
  const created = await createBatch(limited(), name, start === "true");
  if (!created.ok) {
    if (refusal !== null) return refuse(c, refusal);
    return refuse(c, created.error.code === "not_kept" ? FILES : storeRefusal(created.error));
  }
  const found = await findBatch(created.value);
  if (!found.ok) return refuse(c, storeRefusal(found.error));
  if (found.value === null) return refuse(c, NOT_READ);
  const view = viewOf(found.value);
  c.header("Location", view.links.self);
  return c.json(view, 202);
}

type File = { bytes: AsyncIterable<Uint8Array>; name: string };

/** The file that a request sends, or names. */
async function findFile(c: Context<Bindings>): Promise<Result<File, Refusal>> {
  const type = typeOf(c);
  if (type === "application/json") {
    const body = await readBody(c, newBatch);
    if (!body.ok) return body;
    try {
      const file = await openInbox(body.value.url);
      if (file !== null) return ok(file);
    } catch (error) {
      log("error", "inbox_not_read", { requestId: c.get("requestId") }, error);
      return fail(FILES);
    }
    const detail = "No file has this address. It has to be BATCH_URL, then /inbox/ and the file's name.";
    return fail(invalidBody([{ pointer: "/url", detail }]));
  }
  if (!FILE_TYPES.some((one) => one === type)) {
    const detail = `Content-Type has to be application/json or one of ${FILE_TYPES.join(", ")}.`;
    return fail({ kind: "unsupported-media-type", detail });
  }
  if (Number(c.req.header("content-length")) > MOST_UPLOAD_BYTES) return fail(TOO_LARGE);
  // As it comes: a web stream of the same bytes takes twice the processor time, and 60 MB.
  const { incoming } = c.env ?? {};
  if (incoming !== undefined) {
    return ok({ bytes: incoming.iterator({ destroyOnReturn: false }), name: "file" });
  }
  const { body } = c.req.raw;
  return body === null ? fail(EMPTY) : ok({ bytes: body, name: "file" });
}

const LIST = {
  method: "get",
  path: "/batches",
  operationId: "listBatches",
  tag: "Batches",
  summary: "Read the latest batches",
  description: "The latest 50 that are not deleted, newest first.",
  answers: {
    200: {
      description: "The batches.",
      schema: z.object({ batches: z.array(batchSummary) }).openapi("BatchList"),
    },
  },
  problems: ["database-unavailable"],
} as const;

async function list(c: Context<Bindings>): Promise<Response> {
  const found = await listBatches();
  return found.ok ? c.json({ batches: found.value.map(summaryOf) }) : refuse(c, storeRefusal(found.error));
}

const READ = {
  method: "get",
  path: "/batches/{id}",
  operationId: "readBatch",
  tag: "Batches",
  summary: "Read one batch",
  description: "Also one that is deleted, which its deletedAt tells.",
  params,
  answers: { 200: { description: "The batch.", schema: batchView } },
  problems: ["not-found", "database-unavailable"],
} as const;

async function read(c: Context<Bindings>): Promise<Response> {
  const found = await find(c);
  return found.ok ? c.json(viewOf(found.value)) : refuse(c, found.error);
}

/** Does what is asked of a batch that is in one of these states, and answers with the batch. */
async function change(
  c: Context<Bindings>,
  states: readonly BatchState[],
  to: (batch: Batch) => Promise<Result<boolean, StoreError>> | Refusal,
): Promise<Response> {
  const found = await find(c);
  if (!found.ok) return refuse(c, found.error);
  const { state, deletedAt } = found.value;
  if (deletedAt !== null || !states.includes(state)) return refuse(c, wrongState(found.value, states));
  const changing = to(found.value);
  if ("kind" in changing) return refuse(c, changing);
  const changed = await changing;
  if (!changed.ok) return refuse(c, storeRefusal(changed.error));
  const now = await find(c);
  if (!now.ok) return refuse(c, now.error);
  return changed.value ? c.json(viewOf(now.value)) : refuse(c, wrongState(now.value, states));
}

const wrongState = ({ state, deletedAt }: Batch, states: readonly BatchState[]): Refusal => ({
  kind: "wrong-state",
  detail:
    deletedAt === null
      ? `It is "${state}". This is for a batch that is ${states.map((one) => `"${one}"`).join(" or ")}.`
      : "It was deleted.",
});

const changedBatch = z.strictObject({ mapping }).openapi("ChangedBatch");

const CHANGE = {
  method: "patch",
  path: "/batches/{id}",
  operationId: "changeBatch",
  tag: "Batches",
  summary: "Say which column is what",
  description: "The whole file is checked again by it, in the background.",
  params,
  body: {
    schema: changedBatch,
    example: {
      mapping: {
        measurements: FEATURE_KEYS.map((_, at) => at + 1),
        code: 0,
        truth: null,
        decimal: ".",
      } satisfies Mapping,
    },
  },
  answers: { 200: { description: "The batch, being read again.", schema: batchView } },
  problems: ["not-found", "wrong-state", "database-unavailable"],
} as const;

async function changeColumns(c: Context<Bindings>): Promise<Response> {
  const body = await readBody(c, changedBatch);
  if (!body.ok) return refuse(c, body.error);
  return change(c, ["read", "unread"], ({ id, shape }) => {
    const errors = unfitting(body.value.mapping, shape);
    return errors.length === 0 ? changeMapping(id, body.value.mapping) : invalidBody(errors);
  });
}

/** The places of a mapping that do not fit the file. */
function unfitting({ measurements, code, truth }: Mapping, shape: FileShape | null): FieldError[] {
  const width = shape?.columns.length ?? 0;
  const places = [
    ...measurements.map((column, at) => ({ pointer: `measurements/${at}`, column, isTaken: false })),
    ...[
      { pointer: "code", column: code },
      { pointer: "truth/column", column: truth?.column ?? null },
    ].map((place) => ({ ...place, isTaken: measurements.some((column) => column === place.column) })),
  ];
  return places.flatMap(({ pointer, column, isTaken }) => {
    if (column === null) return [];
    const at = `/mapping/${pointer}`;
    if (column >= width) return [{ pointer: at, detail: `The file has ${width} columns, counted from 0.` }];
    return isTaken ? [{ pointer: at, detail: `This column is a ${table.nouns.value}.` }] : [];
  });
}

type Action = {
  name: "start" | "pause" | "resume" | "stop";
  summary: string;
  description: string;
  states: readonly BatchState[];
  run: (id: string) => Promise<Result<boolean, StoreError>>;
};

const ACTIONS: readonly Action[] = [
  {
    name: "start",
    summary: "Have a batch answered",
    description:
      "It is answered in the background, in parts; events and the batch itself tell how far it is.",
    states: ["read"],
    run: startBatch,
  },
  {
    name: "pause",
    summary: "Pause a batch",
    description: "What was answered is kept.",
    states: ["running"],
    run: pauseBatch,
  },
  {
    name: "resume",
    summary: "Go on with a batch",
    description: "It begins after the last row that was answered.",
    states: ["paused"],
    run: resumeBatch,
  },
  {
    name: "stop",
    summary: "End a batch early",
    description: "What was answered is its result.",
    states: ["running", "paused"],
    run: stopBatch,
  },
];

const actionOf = ({ name, summary, description }: Action) =>
  ({
    method: "post",
    path: `/batches/{id}/${name}`,
    operationId: `${name}Batch`,
    tag: "Batches",
    ...{ summary, description, params },
    answers: { 200: { description: "The batch as it is now.", schema: batchView } },
    problems: ["not-found", "wrong-state", "database-unavailable"],
  }) as const;

const act =
  ({ states, run }: Action): Handler<Bindings> =>
  (c) =>
    change(c, states, ({ id }) => run(id));

const DELETE = {
  method: "delete",
  path: "/batches/{id}",
  operationId: "deleteBatch",
  tag: "Batches",
  summary: "Delete a batch",
  description:
    "It ends, and is in no list any more; after 30 days it is gone with its files. Of one that is deleted already, nothing changes.",
  params,
  answers: { 204: { description: "It is deleted." } },
  problems: ["not-found", "database-unavailable"],
} as const;

async function remove(c: Context<Bindings>): Promise<Response> {
  const found = await find(c);
  if (!found.ok) return refuse(c, found.error);
  if (found.value.deletedAt !== null) return c.body(null, 204);
  const deleted = await deleteBatch(found.value.id);
  return deleted.ok ? c.body(null, 204) : refuse(c, storeRefusal(deleted.error));
}

/** Those of the address of a batch's page that are no measurement and say which rows, rather than how they show. */
const ROW_PARAMETERS = {
  view: "Which answers: review (the default: what is left to a person), a class's word, or all.",
  sort: "What they are sorted by, such as -probability, which is the default: row, code, answer, probability, truth or a column's key; a minus in front turns the order round.",
  limit: `How many, 1 to ${MOST_LISTED}; ${DEFAULT_LIMIT} where it is left out.`,
  cursor: "A place in this order, as a link to another page has it.",
  pmin: "The least probability.",
  pmax: "The greatest probability.",
  caution: "any, none, or a caution's code.",
  wrong: "yes: only rows whose truth is not their diagnosis.",
  text: "Somewhere in the case code.",
};
const RANGE = "A range of this column, such as 10..20, 10.. or ..20.";
const NAMES = [...Object.keys(ROW_PARAMETERS), ...FEATURE_KEYS];
const ROWS = {
  method: "get",
  path: "/batches/{id}/rows",
  operationId: "listBatchRows",
  tag: "Batches",
  summary: "Read a page of answered rows",
  description:
    "What the batch's page shows, by the same names as in its address. Links to the first, the previous and the next page are in the header Link (RFC 8288) and in the body. Of a batch that is running, the rows of the parts that are written.",
  params,
  query: z.object(
    Object.fromEntries(
      NAMES.map((name) => [
        name,
        z
          .string()
          .optional()
          .openapi({ description: ROW_PARAMETERS[name as keyof typeof ROW_PARAMETERS] ?? RANGE }),
      ]),
    ),
  ),
  answers: {
    200: {
      description: "A page.",
      schema: z
        .object({
          rows: z.array(rowView),
          count: z.int().openapi({ description: "How many rows there are in all pages." }),
          links: pageLinks,
        })
        .openapi("BatchRowPage"),
      headers: LINK_HEADER,
    },
  },
  problems: ["not-found", "database-unavailable", "files-unavailable"],
} as const;

async function rows(c: Context<Bindings>): Promise<Response> {
  const found = await find(c);
  if (!found.ok) return refuse(c, found.error);
  const batch = found.value;
  const query = readPageAddress(c, NAMES, parseBatchQuery);
  if (!query.ok) return refuse(c, query.error);
  const page = await listRows(batch, query.value);
  if (!page.ok) return refuse(c, FILES);
  const { count } = page.value;
  const address = `${BASE}/batches/${batch.id}/rows`;
  const links = linkPages<BatchCursor>(c, address, page.value, query.value.size, (cursor) =>
    batchParameters({ ...query.value, size: DEFAULT_BATCH_QUERY.size, cursor }),
  );
  return c.json({ rows: page.value.rows.map((one) => rowViewOf(batch, one)), count, links });
}

const ROW = {
  method: "get",
  path: "/batches/{id}/rows/{row}",
  operationId: "readBatchRow",
  tag: "Batches",
  summary: "Read one answered row",
  params: z.object({
    id: idParameter,
    row: z.coerce
      .number()
      .int()
      .min(1)
      .openapi({ param: { name: "row", in: "path" }, type: "integer", example: 1 }),
  }),
  answers: { 200: { description: "The row.", schema: rowView } },
  problems: ["not-found", "database-unavailable", "files-unavailable"],
} as const;

async function row(c: Context<Bindings>): Promise<Response> {
  const found = await find(c);
  if (!found.ok) return refuse(c, found.error);
  const number = c.req.param("row") ?? "";
  const one = /^[1-9]\d{0,8}$/.test(number) ? await findRow(found.value, Number(number)) : ok(null);
  if (!one.ok) return refuse(c, FILES);
  if (one.value !== null) return c.json(rowViewOf(found.value, one.value));
  return refuse(c, { kind: "not-found", detail: "This row has no answer, or is not there." });
}

const resultsQuery = z.strictObject({
  format: z
    .enum(BATCH_FORMATS)
    .optional()
    .openapi({ description: `${BATCH_FORMATS.join(", ")}; ${BATCH_FORMATS[0]} where it is left out.` }),
});

const RESULTS = {
  method: "get",
  path: "/batches/{id}/results",
  operationId: "readBatchResults",
  tag: "Batches",
  summary: "Download the answers",
  description:
    "All columns of the file as it came, then the answers. Of a batch that is running, the rows of the parts that are written.",
  params,
  query: resultsQuery,
  answers: {
    200: {
      description: "The file.",
      files: ["text/csv", "application/vnd.apache.parquet", "application/x-ndjson"],
      headers: { "Content-Disposition": "What the file is called." },
    },
  },
  problems: ["not-found", "wrong-state", "database-unavailable", "files-unavailable"],
} as const;

async function results(c: Context<Bindings>): Promise<Response> {
  const query = readQuery(c, resultsQuery);
  if (!query.ok) return refuse(c, query.error);
  const { format = BATCH_FORMATS[0] } = query.value;
  return answerWithFile(c, "No row is answered yet.", (batch) => exportRows(batch, format));
}

const BAD_ROWS = {
  method: "get",
  path: "/batches/{id}/bad-rows",
  operationId: "readBatchBadRows",
  tag: "Batches",
  summary: "Download the rows that cannot be read",
  description: "Each with its line, the column at fault, what stands there and what is wrong with it.",
  params,
  answers: {
    200: {
      description: "The file.",
      files: ["text/csv"],
      headers: { "Content-Disposition": "What the file is called." },
    },
  },
  problems: ["not-found", "wrong-state", "database-unavailable", "files-unavailable"],
} as const;

const badRows = (c: Context<Bindings>) =>
  answerWithFile(c, "The file was not read to its end yet.", (batch) => exportBadRows(batch));

/** A file of a batch, as it is read; `none` says why there is none. */
async function answerWithFile(
  c: Context<Bindings>,
  none: string,
  make: (batch: Batch) => Promise<BatchFile | null>,
): Promise<Response> {
  const found = await find(c);
  if (!found.ok) return refuse(c, found.error);
  const end = takePlace("batchExport");
  if (end === null) return refuse(c, { kind: "busy", detail: BUSY.batchExport, retryAfter: 10 });
  let file: BatchFile | null;
  try {
    file = await make(found.value);
  } catch (error) {
    end();
    if (isNotAllowed(error)) throw error;
    log("error", "batch_not_exported", { batch: found.value.id }, error);
    return refuse(c, FILES);
  }
  if (file === null) {
    end();
    return refuse(c, { kind: "wrong-state", detail: none });
  }
  const headers = {
    "Content-Type": file.contentType,
    "Content-Disposition": `attachment; filename="${file.fileName}"`,
    "Cache-Control": "no-store, no-transform",
  };
  // Who goes away before the first piece neither asks for one nor cancels.
  c.req.raw.signal.addEventListener("abort", end);
  const body = untilEnd(streamOf(file), end);
  if (c.req.method !== "HEAD") return c.body(body, 200, headers);
  await body.cancel();
  return c.body(null, 200, headers);
}

const EVENTS = {
  method: "get",
  path: "/batches/{id}/events",
  operationId: "watchBatch",
  tag: "Batches",
  summary: "Follow a batch",
  description:
    "Server-sent events. Each is JSON: state, isWorkedOn, done, total, workedMs, tally. One at once, one at every change, at most four a second; it ends where nothing more happens by itself, with the state that it is in. A comment comes every 15 seconds.",
  params,
  answers: { 200: { description: "The events.", files: ["text/event-stream"] } },
  problems: ["not-found", "database-unavailable"],
} as const;

async function events(c: Context<Bindings>): Promise<Response> {
  const found = await find(c);
  if (!found.ok) return refuse(c, found.error);
  return c.body(batchEvents(found.value.id, c.req.raw.signal), 200, EVENT_HEADERS);
}
