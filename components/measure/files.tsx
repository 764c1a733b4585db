import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { withCount } from "@/lib/format";
import type { MeasurementRecord } from "@/lib/measure/record";
import { ImageInput } from "./choose-image";
import type { Measuring } from "./measure";
import type { Given } from "./use-measuring";

/** Outlines to and from files: GeoJSON as QuPath has it, ImageJ's, and a table of the numbers. */
export function Files({
  record,
  nouns,
  onAdd,
  onProblem,
}: {
  record: MeasurementRecord;
  nouns: Measuring["nouns"];
  onAdd: (given: readonly Given[]) => Promise<void>;
  onProblem: (problem: string | null) => void;
}) {
  const [notes, setNotes] = useState<readonly string[]>([]);
  const { factor } = record.image;
  const isEmpty = record.outlines.length === 0;

  async function save(kind: "geojson" | "zip" | "csv") {
    const parts = { geojson, zip, csv }[kind];
    try {
      download(await parts(record), `outlines.${kind}`);
    } catch {
      onProblem("The file could not be made. Reload the page: your outlines are kept.");
    }
  }

  // Formats are loaded with the first file of theirs.
  const geojson = async (of: MeasurementRecord) =>
    (await import("@/lib/measure/geojson")).writeGeoJson(of, nouns);
  const zip = async ({ outlines }: MeasurementRecord) =>
    (await import("@/lib/measure/roi")).writeRoiSet(outlines, nouns, factor);
  const csv = async ({ outlines }: MeasurementRecord) =>
    (await import("@/lib/measure/csv")).outlinesCsv(outlines);

  async function take(file: File) {
    setNotes([]);
    onProblem(null);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    // A program's ZIP, or a single one of its outlines, whatever the file is called.
    const read = /^(PK|Iout)/.test(text)
      ? await (await import("@/lib/measure/roi")).readRoiFile(bytes, factor)
      : (await import("@/lib/measure/geojson")).readGeoJson(text, factor);
    if (!read.ok) return onProblem(read.error);
    const { outlines, leftOut, sha256 } = read.value;
    await onAdd(outlines);
    const isOther = sha256 !== null && sha256 !== record.image.sha256;
    setNotes([
      ...(isOther ? ["They were drawn on another image than this one. Undo takes them away."] : []),
      ...leftOut,
    ]);
  }

  return (
    <Card title="Outlines as files">
      <div className="flex flex-wrap gap-2">
        <Button disabled={isEmpty} onClick={() => save("geojson")}>
          GeoJSON
        </Button>
        <Button disabled={isEmpty} onClick={() => save("zip")}>
          ImageJ
        </Button>
        <Button disabled={isEmpty} onClick={() => save("csv")}>
          CSV
        </Button>
        <ImageInput label="Import outlines" accept=".geojson,.json,.roi,.zip" onFile={take} />
      </div>
      {notes.map((note) => (
        <p key={note} className="font-medium text-xs">
          {note}
        </p>
      ))}
      <p className="text-ink-2 text-xs">
        GeoJSON is read by QuPath, too. {withCount(record.outlines.length, nouns)} would be saved; imported
        ones are taken as they are.
      </p>
    </Card>
  );
}

function download(content: BlobPart, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
  link.click();
  // The browser has it by then; without this it would keep it until the page is left.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
