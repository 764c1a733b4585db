import "server-only";
import { cookies } from "next/headers";
import { v4 as uuidv4 } from "uuid";
import { FORM_KEY_COOKIE, type PostedForm, readPostedTexts } from "@/lib/predict/submitted-form";

/** The texts of a plain form post, and its key: its own, or the one that came as a cookie with the empty form. */
export async function readPostedForm(data: FormData): Promise<Omit<PostedForm, "outcome">> {
  const posted = readPostedTexts(data);
  const { key } = posted;
  return { ...posted, key: key || ((await cookies()).get(FORM_KEY_COOKIE)?.value ?? uuidv4()) };
}
