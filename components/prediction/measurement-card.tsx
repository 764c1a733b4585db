import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { ColumnHead, ScrollTable } from "@/components/ui/table";
import { capitalised, withCount } from "@/lib/format";
import { PROPERTIES as MEASURED, type Property } from "@/lib/measure/features";
import { IMAGE_TYPES, isUnclear, type MeasuredOutline, type MeasurementRecord } from "@/lib/measure/record";
import { DRAWN_BY_COMPUTER } from "@/lib/prediction/source";
import { FEATURES, type FeatureKey, measuring, PROPERTIES, table } from "@/tables/current";

/** The kinds of image that a browser shows. */
const SHOWN: readonly string[] = IMAGE_TYPES.filter((type) => type !== "image/tiff");

/** "12 outlines", in the table's words. */
export const countOutlined = (count: number) =>
  withCount(count, measuring?.nouns ?? { one: "outline", many: "outlines" });

/** What a prediction's values were measured on: the outlines, over their image where that was kept, and their numbers. */
export function MeasurementCard({
  record,
  synthetic,
  changed,
  image,
}: {
  record: MeasurementRecord;
  synthetic: boolean;
  /** The keys of the values that are not those measured. */
  changed: readonly FeatureKey[];
  /** The address of the image; null where it was not kept. */
  image: string | null;
}) {
  const { outlines, algorithm } = record;
  const { sha256, greySha256, type, width, height, factor, grey } = record.image;
  const demo = measuring?.demos.find((one) => one.sha256 === sha256);
  const names = changed.map((key) => FEATURES.find((feature) => feature.key === key)?.label ?? key);
  return (
    <Card
      id="measurement"
      className="print:col-span-2"
      title={`Measured on ${countOutlined(outlines.length)}`}
      caption="Every number of a shape was worked out again from its outline when this was saved. Texture was not checked: it needs the image."
    >
      {synthetic && (
        <p className="font-semibold">
          {demo === undefined ? `The image was ${DRAWN_BY_COMPUTER}.` : `${demo.label}. ${demo.about}`}
        </p>
      )}
      <p>
        {names.length === 0
          ? `No ${table.nouns.value} was changed by hand.`
          : `Changed by hand afterwards: ${names.join("; ")}.`}
      </p>
      <Outlines record={record} image={image !== null && SHOWN.includes(type) ? image : null} />
      <p className="text-ink-2 text-xs">
        {image === null ? (
          "The image itself was not kept."
        ) : (
          <a href={image} download className="inline-block py-0.5 underline decoration-ink-3 print:hidden">
            Download the image
          </a>
        )}
      </p>
      <ScrollTable
        id="outlines"
        caption={`The ${countOutlined(outlines.length)}, in measured pixels`}
        // On paper nothing scrolls.
        className="print:[&_:is(th,td)]:px-1! print:[&_:is(th,td)]:py-0! print:[&_:is(th,td)]:text-[7pt]!"
      >
        <thead>
          <tr>
            <ColumnHead numeric>No.</ColumnHead>
            <ColumnHead>State</ColumnHead>
            <ColumnHead numeric>Clear edge</ColumnHead>
            {MEASURED.map((property) => (
              <ColumnHead key={property} numeric>
                {labelOf(property)}
              </ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {outlines.map((outline, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: its place is an outline's name.
            <tr key={at}>
              <th scope="row" className="numeric">
                {at + 1}
              </th>
              <td className="whitespace-nowrap">{capitalised(outline.state)}</td>
              <td className="numeric">{edgeOf(outline)}</td>
              {MEASURED.map((property) => (
                <td key={property} className="numeric">
                  {numberText(outline.values[property])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <Facts
        className="text-xs"
        facts={[
          ["Image", `${width} × ${height} pixels, ${type}`],
          ["Factor", `${factor}: measured pixels to one of the image`],
          ["Grey", grey],
          ["SHA-256 of the file", sha256],
          ["SHA-256 of its grey values", greySha256],
          ["Algorithm", algorithm],
        ]}
      />
    </Card>
  );
}

const labelOf = (property: Property) => PROPERTIES.find(({ key }) => key === property)?.label ?? property;

const edgeOf = (outline: MeasuredOutline) =>
  `${Math.round(100 * outline.edgeQuality)} %${isUnclear(outline) ? ", unclear" : ""}`;

/** Four digits; what rounding alone has left is nothing. */
function numberText(value: number | null): string {
  if (value === null) return "–";
  return Math.abs(value) < 1e-6 ? "0" : value.toPrecision(4);
}

type Box = { left: number; top: number; width: number; height: number };

/** The outlines with their numbers, over the whole image where there is one; else as close as they are together. */
function Outlines({ record, image }: { record: MeasurementRecord; image: string | null }) {
  const { outlines } = record;
  const { width, height, factor } = record.image;
  // The middle of a measured pixel is a whole number.
  const whole: Box = { left: -0.5, top: -0.5, width: width * factor, height: height * factor };
  const box = image === null ? boxAround(outlines) : whole;
  const size = Math.max(box.width, box.height) / 36;
  const drawn = (
    <svg
      role="img"
      aria-label={`The ${countOutlined(outlines.length)}, numbered as in the table below`}
      viewBox={`${box.left} ${box.top} ${box.width} ${box.height}`}
      className={image === null ? "block max-h-96 w-full" : "absolute inset-0 size-full"}
    >
      {outlines.map(({ points, state }, at) => {
        const path = points.map(([x, y]) => `${x},${y}`).join(" ");
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: its place is an outline's name.
          <g key={at}>
            <Line points={path} className="stroke-surface" width={4} />
            <Line points={path} className="stroke-ink" width={1.5} dashes={DASHES[state]} />
          </g>
        );
      })}
      {outlines.map(({ points }, at) => (
        <text
          // biome-ignore lint/suspicious/noArrayIndexKey: its place is an outline's name.
          key={at}
          {...besideOf(points, size)}
          fontSize={size}
          strokeWidth={size / 5}
          paintOrder="stroke"
          dominantBaseline="central"
          className="fill-ink stroke-surface font-semibold"
        >
          {at + 1}
        </text>
      ))}
    </svg>
  );
  if (image === null) return <Frame>{drawn}</Frame>;
  return (
    <Frame>
      {/* As it was measured: in the file's own pixels, however a camera says that it is to be turned. */}
      {/* biome-ignore lint/performance/noImgElement: it is shown as it is, and only to who may see it. */}
      <img
        src={image}
        alt="As it was measured"
        width={width}
        height={height}
        className="block h-auto w-full [image-orientation:none]"
      />
      {drawn}
    </Frame>
  );
}

const Frame = ({ children }: { children: ReactNode }) => (
  <div className="relative overflow-clip rounded-field border border-line bg-surface print:max-w-[10cm]">
    {children}
  </div>
);

/** One that a person drew is told from one at the edge by more than the table. */
const DASHES = { snapped: undefined, adjusted: "7 3", "as drawn": "2 3" };

function Line(props: { points: string; className: string; width: number; dashes?: string | undefined }) {
  return (
    <polygon
      points={props.points}
      fill="none"
      vectorEffect="non-scaling-stroke"
      strokeWidth={props.width}
      strokeDasharray={props.dashes}
      className={props.className}
    />
  );
}

function boxAround(outlines: readonly MeasuredOutline[]): Box {
  const xs = outlines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = outlines.flatMap(({ points }) => points.map(([, y]) => y));
  const [left, right] = [least(xs), -least(xs.map((x) => -x))];
  const [top, bottom] = [least(ys), -least(ys.map((y) => -y))];
  // As much as a number beside an outline takes.
  const margin = Math.max(right - left, bottom - top) / 12;
  return {
    ...{ left: left - margin, top: top - margin },
    ...{ width: right - left + 2 * margin, height: bottom - top + 2 * margin },
  };
}

// Math.min takes its values as arguments, of which there can be 80,000 here.
const least = (values: readonly number[]) =>
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

/** Where an outline's number stands: to its right, so that nothing of it is hidden. */
const besideOf = (points: MeasuredOutline["points"], size: number) => ({
  x: Number((-least(points.map(([x]) => -x)) + size / 4).toFixed(2)),
  y: Number((points.reduce((sum, [, y]) => sum + y, 0) / points.length).toFixed(2)),
});
