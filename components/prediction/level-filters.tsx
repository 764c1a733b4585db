"use client";

import { fieldClass } from "@/components/ui/field";
import { Fieldset, Options } from "@/components/ui/filter-fields";
import { choiceTexts, type LevelFilter, levelKeys } from "@/lib/level-filters";
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
  const features = FEATURES.filter(({ key }) => own.includes(key));
  const numbers = features.filter(({ type }) => type === "number");
  const placesOf = (key: string) => chosen.find((filter) => filter.key === key)?.places ?? [];
  // Not `includes`: as the page is made, what is not known may come as null.
  const isOn = (key: string, place: number) =>
    placesOf(key).some((one) => Object.is(one ?? Number.NaN, place));
  return (
    <>
      {features
        .filter(({ type }) => type !== "number")
        .map((feature) => {
          const { key, label } = feature;
          const choices = choiceTexts(feature);
          return (
            <Fieldset key={key} name={label}>
              {choices.length > MOST_BOXES ? (
                <select
                  name={key}
                  multiple
                  size={4}
                  aria-label={label}
                  defaultValue={choices.filter(([, place]) => isOn(key, place)).map(([text]) => text)}
                  className={`${fieldClass} h-auto`}
                >
                  <Options of={choices.map(([text, place]) => [text, valueText(feature, place)])} />
                </select>
              ) : (
                choices.map(([text, place]) => (
                  <Box
                    key={text}
                    name={key}
                    value={text}
                    word={valueText(feature, place)}
                    on={isOn(key, place)}
                  />
                ))
              )}
            </Fieldset>
          );
        })}
      {numbers.length > 0 && (
        <Fieldset name="Not known">
          {numbers.flatMap((feature) =>
            choiceTexts(feature).map(([text, place]) => (
              <Box
                key={feature.key}
                name={feature.key}
                value={text}
                word={feature.label}
                on={isOn(feature.key, place)}
              />
            )),
          )}
        </Fieldset>
      )}
    </>
  );
}

function Box({ name, value, word, on }: { name: string; value: string; word: string; on: boolean }) {
  return (
    <label className="flex min-h-6 items-center gap-1.5">
      <input type="checkbox" name={name} value={value} defaultChecked={on} className="size-4 accent-ink" />
      {word}
    </label>
  );
}
