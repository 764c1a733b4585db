/** A time as Prisma writes it to SQLite, where times are text and sorted as such; PostgreSQL reads it too. */
export const timeText = (time: Date): string => time.toISOString().replace("Z", "+00:00");

/** A time in a file's name: "20261124-101503", UTC. */
export const fileStamp = (time = new Date()): string =>
  time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");

/** How long a cookie of what somebody chose is kept. */
export const ONE_YEAR_S = 365 * 24 * 60 * 60;
