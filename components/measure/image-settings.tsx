import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { Field, fieldClass } from "@/components/ui/field";
import { Fold } from "@/components/ui/fold";
import { ALGORITHM, GREY_CHOICES, type GreyChoice } from "@/lib/measure/record";
import { ImageInput } from "./choose-image";
import type { Measuring } from "./measure";
import type { Opened } from "./messages";

const GREYS: Record<GreyChoice, string> = {
  luminance: "Brightness (0.299 R + 0.587 G + 0.114 B)",
  red: "Red alone",
  green: "Green alone, which shows stain best",
  blue: "Blue alone",
};

/** How the image becomes what is measured, its scale and its grey, and what is known of it. */
export function ImageSettings({
  opened,
  scale,
  isBusy,
  onChange,
  onFile,
  onForget,
}: {
  opened: Opened;
  scale: Measuring["scale"];
  isBusy: boolean;
  onChange: (next: { grey: GreyChoice; factor: number }) => void;
  onFile: (file: Blob) => void;
  onForget: () => void;
}) {
  const [grey, setGrey] = useState(opened.grey);
  const [factor, setFactor] = useState(String(opened.factor));
  const [across, setAcross] = useState("");
  const number = Number(factor.replace(",", "."));
  const isFactor = number >= LEAST_FACTOR && number <= MOST_FACTOR;
  const isOther = grey !== opened.grey || number !== opened.factor;

  function tellAcross(text: string) {
    setAcross(text);
    const pixels = Number(text.replace(",", "."));
    if (pixels > 0) setFactor(String(Number((scale.typical / pixels).toPrecision(4))));
  }

  return (
    <Card title="Image: scale and grey">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (isFactor && isOther) onChange({ grey, factor: number });
        }}
      >
        <p className="text-ink-2 text-xs">{scale.says}</p>
        <div className="grid grid-cols-2 gap-x-3 gap-y-1">
          <Field
            label="Factor"
            htmlFor="factor"
            className={besideTheOther}
            help={{ id: "factor-help", text: `${scale.pixel} to one of the file's; 1 leaves it as it is.` }}
            error={
              isFactor
                ? undefined
                : { id: "factor-error", text: `A number from ${LEAST_FACTOR} to ${MOST_FACTOR}.` }
            }
          >
            <input
              id="factor"
              inputMode="decimal"
              value={factor}
              aria-invalid={!isFactor}
              aria-describedby="factor-help factor-error"
              className={fieldClass}
              onChange={({ target }) => setFactor(target.value)}
            />
          </Field>
          <Field
            label={`Or: ${scale.typicalOf} are about`}
            htmlFor="across"
            className={besideTheOther}
            help={{ id: "across-help", text: `pixels across, which should be about ${scale.typical}` }}
          >
            <input
              id="across"
              inputMode="decimal"
              value={across}
              aria-describedby="across-help"
              className={fieldClass}
              onChange={({ target }) => tellAcross(target.value)}
            />
          </Field>
        </div>
        <Field label="Grey" htmlFor="grey">
          <select
            id="grey"
            value={grey}
            className={fieldClass}
            onChange={({ target }) =>
              setGrey(GREY_CHOICES.find((choice) => choice === target.value) ?? opened.grey)
            }
          >
            {GREY_CHOICES.map((choice) => (
              <option key={choice} value={choice}>
                {GREYS[choice]}
              </option>
            ))}
          </select>
        </Field>
        <Button type="submit" disabled={!isFactor || !isOther || isBusy}>
          Measure so
        </Button>
      </form>
      <Fold summary="About this image">
        <Facts
          className="text-xs"
          facts={[
            ["File", `${opened.type}, ${opened.width} × ${opened.height} pixels`],
            ["Measured", `${opened.measured.width} × ${opened.measured.height} pixels`],
            ["SHA-256 of the file", <Hash key="file" hash={opened.hashes.sha256} />],
            ["SHA-256 of the grey", <Hash key="grey" hash={opened.hashes.greySha256} />],
            ["Algorithm", ALGORITHM],
            ...(opened.note === null ? [] : ([["Note", opened.note]] as const)),
          ]}
        />
      </Fold>
      <div className="flex flex-wrap gap-2">
        <ImageInput label="Another image" onFile={onFile} />
        <Button onClick={onForget}>Forget this image</Button>
      </div>
      <p className="text-ink-2 text-xs">
        Image and outlines are kept in this browser alone, for this tab, through a reload.
      </p>
    </Card>
  );
}

/** Label, field, what is wrong and help in one line each with the other field's, however long they are. */
const besideTheOther = "row-span-4 grid-rows-subgrid [&>label]:self-end";

const LEAST_FACTOR = 0.05;
const MOST_FACTOR = 4;

const Hash = ({ hash }: { hash: string }) => <code className="break-all text-xs">{hash}</code>;
