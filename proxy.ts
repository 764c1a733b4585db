import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { env, isAllowedHost } from "@/lib/server/env";

const development = process.env.NODE_ENV === "development";

/** React's development build evaluates code and Turbopack injects style elements; a production build does neither. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * Refuses a Host header that is not ours (a rebound DNS name would otherwise read the history through the
 * user's browser), and gives every page a content security policy with a nonce of its own.
 */
export function proxy(request: NextRequest) {
  if (!isAllowedHost(request.headers.get("host"), env().ALLOWED_HOSTS)) {
    return new NextResponse("Unknown host. Whoever runs Cytodesk can add it to ALLOWED_HOSTS.\n", {
      status: 421,
    });
  }
  const policy = contentSecurityPolicy(randomBytes(16).toString("base64"));
  const headers = new Headers(request.headers);
  // Next reads the nonce for its own scripts from the policy on the request.
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

export const config = { matcher: "/((?!_next/static/).*)" };
