import { FEATURE_KEYS, table } from "@/tables/current";

/** A file with the names of all columns and no rows, to fill in. */
export const GET = () =>
  new Response(`${["code", ...FEATURE_KEYS, table.label].join()}\r\n`, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="cases.csv"',
    },
  });
