"use client";

import { AnswerMark } from "@/components/prediction/answer-mark";
import { SelectBox } from "@/components/ui/select-box";
import type { Label } from "@/lib/contract";
import type { Answer } from "@/lib/prediction/words";
import { table } from "@/tables/current";

/** A row as it is written; a text is empty where there is nothing to say. */
export type WrittenBatchRow = {
  row: number;
  name: string;
  answer: Label;
  probability: string;
  truth: string;
  isWrong: boolean;
  cautions: string;
  values: readonly string[];
  extra: readonly string[];
};

/** The body of the table. Nothing in here needs the browser; but what a server component renders is sent twice. */
export function BatchRows({
  rows,
  answers,
  href,
  within,
  hasTruth,
  mayKeep,
}: {
  rows: readonly WrittenBatchRow[];
  answers: Readonly<Partial<Record<string, Answer>>>;
  href: string;
  within: string;
  hasTruth: boolean;
  mayKeep: boolean;
}) {
  return (
    <tbody>
      {rows.map(({ row, name, answer, probability, truth, isWrong, cautions, values, extra }) => {
        const mark = answers[answer];
        return (
          <tr key={row}>
            {mayKeep && <SelectBox id={String(row)} name={name} />}
            <th scope="row" className="max-w-60 truncate">
              <a
                href={`${href}${row}${within}`}
                aria-label={`${name}, ${mark?.word}, ${probability}`}
                className="font-medium underline decoration-ink-3 hover:decoration-ink"
              >
                {name}
              </a>
            </th>
            <td>{mark !== undefined && <AnswerMark {...mark} />}</td>
            <td className="numeric">{probability}</td>
            {hasTruth && (
              <td className="whitespace-nowrap">
                {truth === "" ? "–" : truth}
                {isWrong && (
                  <span className="font-semibold">
                    {" ✕"}
                    <span className="sr-only">, other than the {table.nouns.answer}</span>
                  </span>
                )}
              </td>
            )}
            {values.map((value, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns of one row never change places.
              <td key={at} className="numeric whitespace-pre!">
                {value}
              </td>
            ))}
            {extra.map((value, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above.
              <td key={at} className="max-w-60 truncate">
                {value}
              </td>
            ))}
            <td className="whitespace-nowrap text-ink-2">{cautions}</td>
          </tr>
        );
      })}
    </tbody>
  );
}
