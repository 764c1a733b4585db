"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/facts";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import type { FormState } from "@/lib/form-state";
import {
  type CaseDone,
  type CaseErased,
  type CaseFound,
  inWords,
  isAnything,
  type NamedBatch,
  stampOf,
  WHOLE,
} from "@/lib/privacy/case";

type State = FormState<string, CaseDone>;

/**
 * Asks for a case code, says how much there is of it, and then offers it as a file, or to erase it. Nothing typed is kept in the
 * tab or in an address.
 */
export function CaseForm({ action }: { action: (last: State, form: FormData) => Promise<State> }) {
  const { answer, refusal, isSending, form } = useAnswer(action, useActionState(action, null));
  const code = answer?.typed.code ?? "";
  const problem = answer?.ok === false ? answer.fields.code : undefined;
  const found = answer?.ok && answer.done.kind === "found" ? answer.done : null;
  return (
    <>
      <form {...form} className="grid max-w-md gap-3">
        {answer?.ok === false && <Notice kind="error" role="alert" title={problem ?? answer.message} />}
        <Field label="Case code" htmlFor="case-code">
          <input
            key={code}
            id="case-code"
            name="code"
            required
            defaultValue={code}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem === undefined ? undefined : true}
            className={`${fieldClass} font-mono`}
          />
        </Field>
        <Button type="submit" disabled={isSending} className="justify-self-start">
          {isSending ? "Looking …" : "Show what there is"}
        </Button>
      </form>
      {refusal !== null && <RefusalNotice refusal={refusal} />}
      {answer?.ok && answer.done.kind === "erased" && <Erased {...answer.done.erased} />}
      {found !== null && (
        <div className="grid gap-3">
          {found.isOther && (
            <Notice
              kind="caution"
              title="There is something else than was shown. Nothing was erased: look again."
            />
          )}
          <p role="status">
            {isAnything(found.found)
              ? `There is ${inWords(found.found)} of this case.`
              : "Nothing was found of this case."}
          </p>
          <Found found={found.found} />
          <form action="/privacy/export" method="post">
            <input type="hidden" name="code" value={code} />
            <Button type="submit">Download all of it as JSON</Button>
          </form>
          {(isAnything(found.found) || found.found.notSearched.length > 0) && (
            <form {...form} className="grid justify-items-start gap-3">
              <input type="hidden" name="code" value={code} />
              <input type="hidden" name="confirmed" value={stampOf(found.found)} />
              <Erase found={found.found} isSending={isSending} />
            </form>
          )}
        </div>
      )}
    </>
  );
}

const LINK = "underline decoration-ink-3 hover:decoration-ink";
const MOST_LINKS = 20;

function Found({ found: { predictions, mentions, batches } }: { found: CaseFound }) {
  const { count, inBin, notes, edits, images } = predictions;
  const number = (value: number) => value.toLocaleString("en");
  return (
    <Facts
      facts={[
        [
          "Predictions",
          `${number(count)}, of which ${number(inBin)} in the bin, with ${number(notes)} of their notes and ${number(edits)} of their edits${images === 0 ? "" : `, and ${number(images)} of their images`}`,
        ],
        [
          "Files of cases",
          batches.length === 0 ? (
            "no row in those that have ended"
          ) : (
            <ul key="batches">
              {batches.map((batch) => (
                <li key={batch.id}>
                  <BatchLink {...batch} />: {number(batch.rows)} row{batch.rows === 1 ? "" : "s"}
                  {batch.isWhole && ", erased with the whole file: other machines have copies of its parts"}
                </li>
              ))}
            </ul>
          ),
        ],
        ["Mentions elsewhere", <Mentions key="mentions" {...mentions} />],
      ]}
    />
  );
}

function Mentions({ ids, notes, edits, reports, views, fileNames }: CaseFound["mentions"]) {
  const places = [
    [notes, "in notes of other cases"],
    [edits, "in earlier texts of them"],
    [reports, "in reports of imports"],
    [views, "in saved views"],
    [fileNames, "in names of files"],
  ] as const;
  const said = places
    .filter(([count]) => count > 0)
    .map(([count, where]) => `${count.toLocaleString("en")} ${where}`);
  return (
    <>
      {said.join(", ") || "none"}
      {ids.length > 0 && ": "}
      {ids.slice(0, MOST_LINKS).map((id, at) => (
        <span key={id}>
          {at > 0 && ", "}
          <a href={`/history/${id}`} className={LINK}>
            case {at + 1}
          </a>
        </span>
      ))}
    </>
  );
}

const BatchLink = ({ id, fileName }: Pick<NamedBatch, "id" | "fileName">) => (
  <a href={`/batch/${id}`} className={`${LINK} break-all`}>
    {fileName}
  </a>
);

function Erase({ found, isSending }: { found: CaseFound; isSending: boolean }) {
  const what = inWords(found);
  return (
    <>
      {found.notSearched.length > 0 && (
        <fieldset className="grid gap-1">
          <legend className="font-medium">
            Not searched: files that have not ended or cannot be read. Tick those to be erased whole.
          </legend>
          {found.notSearched.map(({ id, fileName }) => (
            <label key={id} className="flex min-h-control items-center gap-2">
              <input type="checkbox" name={`${WHOLE}${id}`} className="size-4" />
              <span>
                {fileName} (<BatchLink id={id} fileName="its page" />)
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <Notice
        kind="caution"
        title={what === "" ? "Only what is ticked is erased." : `This erases ${what}, for ever.`}
      >
        <p className="mb-2">
          Nobody can undo it. Where the code is mentioned elsewhere, “[erased]” stands in its place; a saved
          view that looks for it goes.
        </p>
        <Button type="submit" kind="primary" disabled={isSending}>
          {isSending ? "Erasing …" : what === "" ? "Erase what is ticked" : `Erase ${what}`}
        </Button>
      </Notice>
    </>
  );
}

function Erased({ what, left, isRewritten }: CaseErased) {
  return (
    <Notice kind={left ? "error" : "done"} role="status" title={`Erased: ${what}.`}>
      {left && <p>Something of it came meanwhile, or was changed. Show what there is, and erase again.</p>}
      {isRewritten === false && (
        <p>
          The database’s file could not be written anew, so that bytes of it are still in its free pages: the
          disk may be full, or somebody reads it for long. Erase again later; the log says why.
        </p>
      )}
    </Notice>
  );
}
