/** A time as Prisma writes it to SQLite, where times are text and sorted as such; PostgreSQL reads it too. */
export const timeText = (time: Date): string => time.toISOString().replace("Z", "+00:00");

/** How long a cookie of what somebody chose is kept. */
export const ONE_YEAR_S = 365 * 24 * 60 * 60;
