import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { DrawingKey } from "@/components/prediction/drawing";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { hasGrid } from "@/lib/prediction/layout";
import { valueText } from "@/lib/prediction/value";
import { about, drawing, FEATURES, PROPERTIES, table } from "@/tables/current";

export const metadata: Metadata = { title: `About the ${table.nouns.values}` };

/** What a column can be, where nobody has said what it is. */
function rangeOf(key: string): string {
  const feature = FEATURES.find((one) => one.key === key);
  if (feature === undefined) return "";
  const { type, levels, range, unit = "" } = feature;
  if (type === "number") return `${range.min} to ${range.max} ${unit}`.trim();
  return levels.map((_, place) => valueText(feature, place)).join(", ");
}

export default async function MeasurementsPage() {
  await connection();
  if (about === null) notFound();
  const { lead, sections, properties } = about;
  return (
    <Page title={`About the ${table.nouns.values}`} lead={lead} back={{ href: "/model", name: "Model card" }}>
      <div className="@container">
        <div className="grid items-start gap-5 @min-[52rem]:grid-cols-[minmax(0,1fr)_22rem] [&>*]:min-w-0">
          <div className="grid gap-5 [&>*]:min-w-0">
            <Card title={hasGrid ? "Each property" : "Each column"}>
              <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[10rem_minmax(0,1fr)]">
                {(hasGrid ? PROPERTIES : FEATURES).map(({ key, label }) => (
                  <div key={key} className="contents">
                    <dt className="font-medium">{label}</dt>
                    <dd className="max-w-[64ch] text-ink-2 max-sm:mb-2">{properties[key] ?? rangeOf(key)}</dd>
                  </div>
                ))}
              </dl>
            </Card>
            {sections.map(({ title, text }) => (
              <Card key={title} title={title}>
                {text.map((paragraph) => (
                  <p key={paragraph} className="max-w-[72ch]">
                    {paragraph}
                  </p>
                ))}
              </Card>
            ))}
          </div>
          {drawing !== null && (
            <Card title="How the drawing shows them" caption={drawing.caption}>
              <DrawingKey size={72} />
            </Card>
          )}
        </div>
      </div>
    </Page>
  );
}
