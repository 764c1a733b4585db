import { fieldClass } from "@/components/ui/field";
import { Fieldset, TextField } from "@/components/ui/filter-fields";
import { FEATURES, table } from "@/tables/current";
import { MeasurementOptions } from "./measurement-options";

/** One more number to narrow a list by, and between which ends; nothing where the table has no numbers. */
export function MeasurementRange() {
  if (FEATURES.every(({ type }) => type !== "number")) return null;
  return (
    <Fieldset name={`One more ${table.nouns.value} between`}>
      <select name="measure" defaultValue="" aria-label="Measurement" className={`${fieldClass} max-w-44`}>
        <option value="">any</option>
        <MeasurementOptions numbersOnly />
      </select>
      <TextField label="from" name="min" value={null} />
      <TextField label="to" name="max" value={null} />
    </Fieldset>
  );
}
