"use client";

import type { ReactNode } from "react";
import { AnswerMark } from "@/components/prediction/answer-mark";
import { SelectAllBox, SelectBox } from "@/components/ui/select-box";
import { Shape } from "@/components/ui/shape";
import type { Label } from "@/lib/contract";
import { type DayGroup, unpackRows } from "@/lib/history/rows";
import type { Answer } from "@/lib/prediction/words";
import { ProbabilityBar } from "./probability-bar";

/** Columns that every width has: one more would be a column of its own. */
const ALWAYS = 7;

/**
 * The head and the rows of the history's table, these as `packRow` makes them, by day where they have one. Nothing in here
 * needs the browser; but what a server component renders is sent twice, as HTML and as the calls that make it, and of up
 * to 3,000 cells the calls alone were two thirds of the page and half the time it took.
 */
export function HistoryRows({
  groups,
  answers,
  bands,
  shown,
  within,
  children,
}: {
  groups: readonly DayGroup<string>[];
  answers: Readonly<Record<Label, Answer>>;
  bands: readonly (readonly [from: number, to: number])[];
  /** The classes of the measurements, which say at what width they show. */
  shown: readonly string[];
  /** What the address of a prediction's page ends with, which knows its neighbours from it. */
  within: string;
  /** The heads of the columns behind the boxes. */
  children: ReactNode;
}) {
  const [positive, negative] = Object.values(answers) as [Answer, Answer];
  const all = unpackRows(groups.flatMap(({ rows }) => rows));
  let end = 0;
  const days = groups.map(({ day, rows }) => {
    const start = end;
    end += rows.length;
    return { day, rows: all.slice(start, end) };
  });
  return (
    <>
      <thead>
        <tr>
          <SelectAllBox ids={all.map(({ id }) => id)} />
          {children}
        </tr>
      </thead>
      {days.map(({ day, rows }) => (
        <tbody key={day}>
          {day !== "" && (
            <tr className="day">
              <th scope="rowgroup" colSpan={ALWAYS}>
                {day}
              </th>
            </tr>
          )}
          {rows.map((row) => {
            const answer = answers[row.answer];
            const name = row.code === "" ? `…${row.id.slice(-6)}` : row.code;
            const side = row.push.startsWith("−") ? negative : positive;
            return (
              <tr key={row.id}>
                <SelectBox id={row.id} name={name} />
                {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the table's own markup, written of numbers alone. */}
                <td className="dr" dangerouslySetInnerHTML={{ __html: row.drawing }} />
                <th scope="row" className="co">
                  <a
                    href={`/history/${row.id}${within}`}
                    aria-label={`${name}, ${answer.word}, ${row.probability}, ${row.time}`}
                    className={row.code === "" ? "id" : undefined}
                  >
                    {name}
                  </a>
                </th>
                <td className="ti">
                  <time dateTime={row.at} title={row.at.replace("T", " ").replace("Z", " UTC")}>
                    {row.time}
                  </time>
                </td>
                <td className="an">
                  <AnswerMark {...answer} />
                  {row.caution !== "" && (
                    <span title={row.caution} role="img" aria-label={`caution: ${row.caution}`}>
                      {" ⚠\uFE0E"}
                    </span>
                  )}
                </td>
                <td className="pr">
                  <span>{row.probability}</span>
                  <ProbabilityBar
                    at={Number(row.probability.replace(/^[<>] /, ""))}
                    band={bands[Number(row.band)] ?? null}
                  />
                </td>
                <td className="ou">
                  {row.outcome === "" ? (
                    <i>–</i>
                  ) : (
                    <span className={row.mark === "✕" ? "off" : undefined}>
                      <i>{row.mark}</i>
                      {row.outcome}
                      {row.mark === "✕" && <span className="sr-only">, other than the answer</span>}
                    </span>
                  )}
                </td>
                <td className="re">
                  {row.reason !== "" && (
                    <>
                      {`${row.reason} `}
                      <span className={side.colour}>
                        <Shape shape={side.shape} />
                        {` ${row.push}`}
                      </span>
                    </>
                  )}
                </td>
                {row.values.map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns of one row never change places.
                  <td key={index} className={`n ${shown[index]}`.trimEnd()}>
                    {value}
                  </td>
                ))}
                <td className="so">{row.from}</td>
              </tr>
            );
          })}
        </tbody>
      ))}
    </>
  );
}
