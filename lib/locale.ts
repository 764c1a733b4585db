/** How a reader writes times and counts: a BCP 47 language tag and an IANA time zone. */
export type Locale = { language: string; timeZone: string };

/** The browser's time zone, which the server cannot know otherwise; a script of every page writes it (lib/theme.ts). */
export const TIME_ZONE_COOKIE = "tz";
export const UTC: Locale = { language: "en", timeZone: "UTC" };

/** The first language of an Accept-Language header and the cookie's time zone; English and UTC where one is not known. */
export function parseLocale(acceptLanguage: string | null, timeZone: string | undefined): Locale {
  const tag = /^\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)/.exec(acceptLanguage ?? "")?.[1] ?? UTC.language;
  return {
    // Pages are in English: its dates in another language would be a word of German in an English sentence.
    language: tag.toLowerCase().startsWith("en") ? tag : "en-GB",
    timeZone: isTimeZone(timeZone) ? timeZone : UTC.timeZone,
  };
}

function isTimeZone(name: string | undefined): name is string {
  if (name === undefined) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than using it many times, so each is kept. */
function format({ language, timeZone }: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`;
  const kept = formats.get(key);
  if (kept !== undefined) return kept;
  const made = new Intl.DateTimeFormat(language, { timeZone, ...options });
  // Anybody may ask for any language and zone.
  if (formats.size > 200) formats.clear();
  formats.set(key, made);
  return made;
}

/** "15:58", with seconds where `precise`; where the zone is not known, "15:58 UTC". */
export function formatClock(at: Date, locale: Locale, precise = false): string {
  const clock = format(locale, {
    hour: "numeric",
    minute: "2-digit",
    ...(precise && { second: "2-digit" }),
  }).format(at);
  return locale.timeZone === UTC.timeZone ? `${clock} UTC` : clock;
}

/** "25 November 2026" */
const formatDay = (at: Date, locale: Locale): string =>
  format(locale, { day: "numeric", month: "long", year: "numeric" }).format(at);

/** "25 November 2026, 15:58" */
export const formatTime = (at: Date, locale: Locale, precise = false): string =>
  `${formatDay(at, locale)}, ${formatClock(at, locale, precise)}`;

/** "25 Nov 2026": where a column has room for no more. */
export const formatShortDay = (at: Date, locale: Locale): string =>
  format(locale, { day: "numeric", month: "short", year: "numeric" }).format(at);

const DAY_MS = 24 * 60 * 60 * 1000;

/** Over what was made on one day: "Today, 25 November", "Yesterday, 24 November", "3 March", "3 March 2025". */
export function formatDayHeading(at: Date, locale: Locale, now: Date): string {
  const day = formatDay(at, locale);
  const inYear = format(locale, { day: "numeric", month: "long" }).format(at);
  if (day === formatDay(now, locale)) return `Today, ${inYear}`;
  if (day === formatDay(new Date(now.getTime() - DAY_MS), locale)) return `Yesterday, ${inYear}`;
  const year = format(locale, { year: "numeric" });
  return year.format(at) === year.format(now) ? inYear : day;
}

/** The same in UTC, as exports have it: "2026-11-25 15:58:03 UTC". */
export const utcText = (at: Date): string => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
