import * as z from "zod";
import { keptFile } from "@/app/kept-file";
import { askingPerson, may } from "@/lib/server/access/actor";
import { exportPerson } from "@/lib/server/access/person-data";
import { sayPlainly } from "@/lib/server/plain-answer";

const userId = z.string().max(64);

/** Everything of the form's `user`, as a JSON document, for administrators. */
export async function POST(request: Request): Promise<Response> {
  // To who may not see people, nothing is there.
  if (askingPerson() === null || !may("administer")) return sayPlainly(404, "Nothing is at this address.");
  const form = await request.formData().catch(() => null);
  const user = userId.safeParse(form?.get("user"));
  if (!user.success) return sayPlainly(400, "It does not say whose data is asked for.");
  const made = await exportPerson(user.data);
  return made.ok ? keptFile("person", "json", made.value) : sayPlainly(409, made.error);
}
