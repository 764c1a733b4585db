import type { ReactNode } from "react";
import { Code } from "@/components/ui/code";
import { Switch } from "@/components/ui/switch";
import type { DocumentedOperation, Parameter } from "@/lib/server/api/document";
import { Fields, typeOf } from "./fields";

/**
 * One operation: what it takes, what it answers, and beside that the lines that call it. `common`: the statuses that every
 * operation has and that are said once.
 */
export function Operation({
  method,
  path,
  operation,
  common,
}: {
  method: string;
  path: string;
  operation: DocumentedOperation;
  common: readonly string[];
}) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = Object.entries(requestBody?.content ?? {});
  const own = Object.entries(responses).filter(([status]) => !common.includes(status));
  return (
    <section id={operationId} aria-label={summary} className="@container border-line border-t pt-4">
      <div className="grid items-start gap-x-8 gap-y-4 @min-[52rem]:grid-cols-2 [&>*]:min-w-0">
        <div className="grid gap-3 [&>*]:min-w-0">
          <div>
            <h3 className="font-semibold">{summary}</h3>
            <p className="break-words font-mono text-[13px]">
              {method.toUpperCase()} {path}
            </p>
          </div>
          {description !== undefined && <p className="max-w-[72ch]">{description}</p>}
          {parameters.length > 0 && (
            <Part title="Parameters">
              <Fields fields={grouped(parameters).map(fieldOf)} />
            </Part>
          )}
          {body.map(([type, { schema }]) => (
            <Part key={type} title="Body">
              <p>
                {type}: {typeOf(schema)}
              </p>
            </Part>
          ))}
          <Part title="Answers">
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
              {own.map(([status, { description, content = {} }]) => (
                <div key={status} className="contents">
                  <dt className="font-mono text-[13px]">{status}</dt>
                  <dd className="break-words">
                    {description}{" "}
                    {Object.entries(content).map(([type, { schema }]) => (
                      <span key={type} className="text-ink-2 text-xs">
                        {typeOf(schema)}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </Part>
        </div>
        <Switch
          label={`Language of the example: ${summary.toLowerCase()}`}
          name={`language-${operationId}`}
          options={operation["x-codeSamples"].map(({ label, source }) => ({
            key: label,
            title: label,
            children: <Code>{source}</Code>,
          }))}
        />
      </div>
    </section>
  );
}

const fieldOf = ({ name, in: place, required = false, description, schema }: Parameter) => ({
  name,
  type: (
    <>
      {typeOf(schema)}, in the {place === "query" ? "address" : place}
    </>
  ),
  isOptional: place !== "query" && !required,
  description: description ?? schema.description,
});

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="grid gap-1 [&>*]:min-w-0">
    <h4 className="font-medium text-ink-2 text-xs">{title}</h4>
    {children}
  </div>
);

/** Parameters that are said in the same words, such as a range of each column, as one. */
function grouped(parameters: readonly Parameter[]): Parameter[] {
  const last = new Map(parameters.map((one) => [one.description ?? one.name, one]));
  const first = new Map([...parameters].reverse().map((one) => [one.description ?? one.name, one]));
  return [...first].reverse().map(([words, one]) => {
    const other = last.get(words);
    return other === undefined || other === one ? one : { ...one, name: `${one.name} … ${other.name}` };
  });
}
