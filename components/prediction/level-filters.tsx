"use client";

import { fieldClass } from "@/components/ui/field";
import { Fieldset, Options } from "@/components/ui/filter-fields";
import { choiceTexts, type LevelFilter, levelKeys } from "@/lib/list-address";
import { valueText } from "@/lib/prediction/value";
import { FEATURES } from "@/tables/current";

/** With more levels, a list of which several can be chosen takes less room. */
const MOST_BOXES = 15;

/** What the columns of which one chooses can be narrowed to: any of their levels, or what is not known. */
export function LevelFilters({
  chosen,
  ranges,
}: {
  chosen: readonly LevelFilter[];
  /** The numbers whose range is asked for. */
  ranges: readonly { key: string }[];
}) {
  const own = levelKeys(ranges);
  return FEATURES.filter(({ key }) => own.includes(key)).map((feature) => {
    const { key, label } = feature;
    const choices = choiceTexts(feature).map(([text, place]) => ({
      text,
      place,
      word: valueText(feature, place),
    }));
    const places = chosen.find((filter) => filter.key === key)?.places ?? [];
    // Not `includes`: as the page is made, what is not known may come as null.
    const isOn = (place: number) => places.some((one) => Object.is(one ?? Number.NaN, place));
    return (
      <Fieldset key={key} name={label}>
        {choices.length > MOST_BOXES ? (
          <select
            name={key}
            multiple
            size={4}
            aria-label={label}
            defaultValue={choices.filter(({ place }) => isOn(place)).map(({ text }) => text)}
            className={`${fieldClass} h-auto`}
          >
            <Options of={choices.map(({ text, word }) => [text, word])} />
          </select>
        ) : (
          choices.map(({ text, place, word }) => (
            <label key={text} className="flex min-h-6 items-center gap-1.5">
              <input
                type="checkbox"
                name={key}
                value={text}
                defaultChecked={isOn(place)}
                className="size-4 accent-ink"
              />
              {word}
            </label>
          ))
        )}
      </Fieldset>
    );
  });
}
