import { drawing, words } from "@/tables/current";

/** The application's mark: a case's drawing; where the table has none, its first letter. */
export function Mark() {
  if (drawing === null) {
    return (
      <span
        aria-hidden="true"
        className="inline-flex size-6.5 flex-none items-center justify-center rounded-field bg-ink text-on-ink text-sm forced-color-adjust-none"
      >
        {words.app.name.charAt(0)}
      </span>
    );
  }
  return (
    <svg
      aria-hidden="true"
      width="26"
      height="26"
      viewBox="-416 -416 832 832"
      className="size-6.5 flex-none fill-current stroke-current"
    >
      <path
        d="M389-120l-22-38-29-33-36-28-48-12-55 2-32-30-38-29-50-6-52-1-53 15-48 27-39 39-53 8-54 14-32 41-22 42-26 38-49 32-30 42-15 45-4 45 17 41 29 34 13 37-11 33 7 27 26 16 36 9 39 5 53-12 41 1 37 9 49-11 50-24 46-24 51-4 51-18 48-25 46-27 30-35 20-33 18-31 42-30 34-34 16-32 8-31-5-27z"
        fillOpacity=".39"
        strokeWidth="40"
        strokeLinejoin="round"
      />
    </svg>
  );
}
