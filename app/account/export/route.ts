import { keptFile } from "@/app/kept-file";
import { askingPerson } from "@/lib/server/access/actor";
import { exportOwnData } from "@/lib/server/access/person-data";
import { sayPlainly } from "@/lib/server/plain-answer";

/** Everything of who asks, as a JSON document. */
export async function POST(): Promise<Response> {
  if (askingPerson() === null) return sayPlainly(404, "Nobody signs in here.");
  return keptFile("account", "json", await exportOwnData());
}
