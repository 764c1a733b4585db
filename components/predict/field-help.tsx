import { FEATURES, type FeatureKey, PROPERTIES } from "@/tables/current";

/** One line at the foot of the grid, of the field that one is in: so no row moves while one types. */
export function FieldHelp({
  about,
  focused,
  text,
  value,
  error,
}: {
  /** A property that was asked about. */
  about: string | null;
  focused: FeatureKey | null;
  text: string;
  /** The number that the text is read as. */
  value: number | undefined;
  error: string | undefined;
}) {
  const property = PROPERTIES.find(({ key }) => key === about);
  const feature = FEATURES.find(({ key }) => key === focused);
  return (
    <p
      id="field-help"
      role={about === null ? undefined : "status"}
      className="min-h-10 px-4 pt-1.5 pb-2 text-ink-2 text-xs"
    >
      {property !== undefined ? (
        <>
          <strong className="font-medium text-ink">{property.label}.</strong> {property.measures}.
        </>
      ) : feature === undefined ? (
        "Help for the field you are in appears here."
      ) : (
        <>
          <strong className="font-medium text-ink">{feature.label}.</strong>{" "}
          {error !== undefined ? error : sentenceOf(feature, text, value)}
        </>
      )}
    </p>
  );
}

function sentenceOf({ range }: (typeof FEATURES)[number], text: string, value: number | undefined): string {
  const ordinary = `Nine in ten cases lie between ${range.low} and ${range.high}.`;
  if (value === undefined) return ordinary;
  if (value < range.min) return `Below every training case (${range.min}). Is the unit right?`;
  if (value > range.max) return `Above every training case (${range.max}). Is the unit right?`;
  return text.includes(",") ? `Read as ${value}. ${ordinary}` : ordinary;
}
