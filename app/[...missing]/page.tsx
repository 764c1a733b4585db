import { notFound } from "next/navigation";
import { connection } from "next/server";

/** Every address that is no page: app/not-found.tsx made on request, since its policy is by nonce. */
export default async function MissingPage() {
  await connection();
  notFound();
}
