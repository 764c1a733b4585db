import { describeCase } from "./one-case";
import { describeTable, everyCaution, type Pattern, type Rule, type Scale, type Words } from "./table";
import type { TableFile } from "./table-file";

/** What a table's rules.ts says. */
type Rules<Key extends string> = {
  rules: readonly Rule<Key>[];
  limits: { outside: number; broken: number };
  scales: readonly Scale<Key>[];
  patterns: readonly Pattern<Key>[];
};

/**
 * What a table's index.ts exports of its table.json, words.ts and rules.ts. `table`: what table.json says of it as a
 * whole; the rest is in its order. Throws where they do not fit together.
 */
export function assembleTable<Key extends string, Code extends string>(
  description: TableFile,
  words: Words<Key, Code>,
  { rules, limits, scales, patterns }: Rules<Key>,
) {
  const { features, families, groups, properties, samples, ...table } = describeTable(description, words);
  return {
    table,
    FEATURES: features,
    FEATURE_KEYS: features.map(({ key }) => key),
    FAMILIES: families,
    GROUPS: groups,
    PROPERTIES: properties,
    SAMPLES: samples,
    CAUTIONS: everyCaution(scales, patterns),
    /** What the values of one case keep. */
    oneCase: describeCase(features, rules, limits),
    /** Null where the pages need not say what the application is not for. */
    notice: words.notice,
  };
}
