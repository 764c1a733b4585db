import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { tablePath } from "./scripts/database/schema-for.mjs";
import { requireSupportedNode } from "./scripts/runtime.mjs";

requireSupportedNode();

const root = fileURLToPath(new URL(".", import.meta.url));

/** The unit tests try the sources with the first table, of which they speak, also where another is adopted. */
function firstTable() {
  const isAdopted = (path: string) => "adopted" in JSON.parse(readFileSync(path, "utf8"));
  if (!isAdopted(tablePath())) return [];
  const folder = readdirSync(`${root}tables`)
    .map((name) => `${root}tables/${name}`)
    .find((one) => existsSync(`${one}/table.json`) && !isAdopted(`${one}/table.json`));
  return [
    { find: /^(?:@\/tables|(?:\.\.?\/)+(?:tables)?)\/?current$/, replacement: `${folder}/index.ts` },
    { find: /^(?:@\/tables|(?:\.\.?\/)+(?:tables)?)\/?current-model$/, replacement: `${folder}/model.ts` },
  ];
}

// `server-only` throws outside a React server build; its own empty entry is what the server gets.
const alias = [
  { find: "@", replacement: root },
  { find: "server-only", replacement: `${root}node_modules/server-only/empty.js` },
];

const excluded = [...configDefaults.exclude, ".next/**", "data/**", "dist/**", "e2e/**"];

/** What asks nothing of a database that others do not, and need not be tried on both kinds. */
const OF_ONE_KIND =
  process.env.TEST_DATABASE === "postgresql"
    ? [
        "lib/server/{batch/{bucket,transform},inference/any-table,metrics/metrics}.integration.test.ts",
        "server/{routes,out-of-memory}.integration.test.ts",
      ]
    : [];

/** Beside those, what is left to a run of its part where everything is tried: its statements are tried by others that stay. */
const LEFT_IN_BRIEF =
  process.env.TEST_DATABASE === "postgresql" && process.env.TEST_BRIEF !== undefined
    ? [
        "lib/server/{api,exchange,monitoring}/*.integration.test.ts",
        "lib/server/history/{retention,selection}.integration.test.ts",
        "lib/server/{access/{sign-in,people,audit},batch/batches}.integration.test.ts",
        "scripts/database/migrate.integration.test.ts",
        "server/*.integration.test.ts",
      ]
    : [];

/** Ways on AWS by stand-ins for its services, whose parts have tests of their own. */
const AWS_LEFT_IN_BRIEF =
  process.env.TEST_BRIEF === undefined
    ? []
    : [
        "lib/server/batch/transform.integration.test.ts",
        "aws/commands/{commands,promotion,served}.integration.test.ts",
      ];

/** One of several of its kind that load the whole CDK, for five seconds each. */
const UNITS_LEFT_IN_BRIEF =
  process.env.TEST_BRIEF === undefined ? [] : ["aws/cdk/{mixed-table,review,two-applications}.test.ts"];

/** What takes long although its file is short: it fetches a Node, or starts process after process. */
const LONG = [
  ...["scripts/runtime", "scripts/start", "scripts/database/move", "aws/container/container"],
  ...["server/routes", "server/out-of-memory"],
].map((path) => `${path}.integration.test.ts`);

/** Long files first, so that no worker is left alone with one at the end; the others by size, as Vitest has it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((path) => moduleId.endsWith(path));
    return [...bySize.filter(isLong), ...bySize.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    // 5,000 requests take 20 s on a machine with two cores, and took 60 on a busy one; nothing waits this long when it works.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Vitest would leave a core to itself, and on two cores one to the tests.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        resolve: { alias: [...firstTable(), ...alias] },
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...excluded, "**/*.integration.test.ts", "**/any-table.test.ts", ...UNITS_LEFT_IN_BRIEF],
        },
      },
      { extends: true, test: { name: "any-table", include: ["**/any-table.test.ts"], exclude: excluded } },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude: [...excluded, ...OF_ONE_KIND, ...LEFT_IN_BRIEF, ...AWS_LEFT_IN_BRIEF],
          globalSetup: "test/throwaway.ts",
        },
      },
    ],
  },
});
