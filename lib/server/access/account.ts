import "server-only";
import { homeDatabase } from "@/lib/server/database/db";
import { askingPerson } from "./actor";

/** Who is signed in, as the header says it; null where nobody is, or nobody has to be. */
export async function accountAsking() {
  const who = askingPerson();
  if (who === null) return null;
  const db = await homeDatabase();
  const team = await db.team.findUnique({ where: { id: who.team }, select: { name: true } });
  const { name, email, role } = who;
  return { name, email, team: team?.name ?? who.team, isAdministrator: role === "administrator" };
}
