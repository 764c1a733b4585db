import type { DatabaseKind } from "../../lib/database-url";

/** A migration that was renamed and added to after it had landed: what it is called now, and what it lacked. */
type Former = { name: string; now: string; lacked: readonly string[] };

const POSITION = [
  "ALTER TABLE batch DROP COLUMN part_rows",
  "ALTER TABLE batch ADD COLUMN position INTEGER NOT NULL DEFAULT 0",
];
const EVENT = (text: string, time: string) => [
  "ALTER TABLE batch ADD COLUMN auto_start BOOLEAN NOT NULL DEFAULT false",
  `ALTER TABLE batch ADD COLUMN event ${text}`,
  `ALTER TABLE batch ADD COLUMN event_due_at ${time}`,
];
const SQLITE_EVENT = EVENT("TEXT", "DATETIME");
const POSTGRESQL_EVENT = EVENT('TEXT COLLATE "C"', "TIMESTAMPTZ(3)");

const FORMER: Record<DatabaseKind, readonly Former[]> = {
  sqlite: [
    { name: "20261126092820_batch", now: "20261126101132_batch", lacked: [...POSITION, ...SQLITE_EVENT] },
    { name: "20261126094341_batch", now: "20261126101132_batch", lacked: SQLITE_EVENT },
  ],
  postgresql: [
    { name: "20261126092821_batch", now: "20261126101134_batch", lacked: [...POSITION, ...POSTGRESQL_EVENT] },
    { name: "20261126094342_batch", now: "20261126101134_batch", lacked: POSTGRESQL_EVENT },
  ],
};

/** Whether a SQLite file with this migration is an older one, although no migration has that name any more. */
export const isFormer = (name: string) => FORMER.sqlite.some((former) => former.name === name);

/** What brings a database that has had these migrations to where their present forms bring it; to be run as one. */
export const bringingUp = (kind: DatabaseKind, applied: readonly string[]): string[] =>
  FORMER[kind]
    .filter(({ name }) => applied.includes(name))
    .map(({ name, now, lacked }) =>
      [
        ...lacked,
        `UPDATE _prisma_migrations SET migration_name = '${now}' WHERE migration_name = '${name}'`,
      ].join(";\n"),
    );
