import "server-only";
import { createHash, randomBytes } from "node:crypto";

/** What opens something for whoever shows it, as a link or a key: 256 random bits, which nobody finds by trying. */
export const newSecret = () => randomBytes(32).toString("base64url");

/** What is kept of it: SHA-256, hexadecimal. */
export const hashOf = (secret: string) => createHash("sha256").update(secret).digest("hex");
