import { formatTime, type Locale, utcText } from "@/lib/locale";

/** A time as its reader writes it, with seconds where `precise`; in UTC on demand. */
export function Timestamp({ at, locale, precise = false }: { at: Date; locale: Locale; precise?: boolean }) {
  return (
    // The browser may write the same time in other letters than the server.
    <time dateTime={at.toISOString()} title={utcText(at)} suppressHydrationWarning>
      {formatTime(at, locale, precise)}
    </time>
  );
}
