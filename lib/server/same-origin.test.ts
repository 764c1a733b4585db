import { expect, it } from "vitest";
import { isSameOrigin } from "./same-origin";

it.each([
  [{ origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" }, true],
  [{ origin: "https://cyto.example", host: "10.0.0.1:3000", "x-forwarded-host": "cyto.example" }, true],
  [{ origin: "http://evil.example", host: "127.0.0.1:3000" }, false],
  [{ origin: "http://127.0.0.1:3001", host: "127.0.0.1:3000" }, false],
  [{ origin: "null", host: "127.0.0.1:3000" }, false],
  [{ host: "127.0.0.1:3000" }, false],
])("tells whose page sent %j", (headers, same) => {
  expect(isSameOrigin(new Headers(headers as Record<string, string>))).toBe(same);
});
