import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, it, vi } from "vitest";
import packageJson from "@/package.json";
import { createApi } from "./create-api";
import { documentOf } from "./open-api";

const access = vi.hoisted(() => ({ asksForSignIn: false }));
vi.mock("@/lib/server/access/actor", async (original) => ({
  ...(await original<object>()),
  asksForSignIn: () => access.asksForSignIn,
}));

const ORIGIN = "http://127.0.0.1:3000";
const document = documentOf(createApi(), ORIGIN);

async function faultsOf(tried: object): Promise<string[]> {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: JSON.stringify(tried), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
}

it("the document has no fault by Redocly's recommended rules, which find one that is made", async () => {
  expect(await faultsOf(document)).toEqual([]);
  expect(await faultsOf({ ...document, info: { title: "without a version" } })).not.toEqual([]);
});

it("the document asks for a key where people sign in, and for nothing where they do not", async () => {
  expect(document).toMatchObject({ security: [] });
  access.asksForSignIn = true;
  const secured = documentOf(createApi(), ORIGIN);
  access.asksForSignIn = false;
  expect(secured).toMatchObject({
    security: [{ bearer: [] }, { header: [] }],
    components: { securitySchemes: { bearer: { scheme: "bearer" }, header: { name: "X-Api-Key" } } },
  });
  expect(await faultsOf(secured)).toEqual([]);
});

it("the document is of this version, and says of every operation what it needs", () => {
  expect(document).toMatchObject({ openapi: "3.1.0", info: { version: packageJson.version } });
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
  );
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { operationId, tags, summary, responses } of operations) {
    expect({ operationId, tags: tags.length, hasSummary: summary !== "" }).toEqual({
      operationId: expect.any(String),
      tags: 1,
      hasSummary: true,
    });
    for (const status of ["400", "403", "421", "500"]) {
      expect(responses[status]?.content, `${operationId} ${status}`).toHaveProperty([
        "application/problem+json",
      ]);
    }
  }
});
