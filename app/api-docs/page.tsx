import type { Metadata } from "next";
import { headers } from "next/headers";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { originOf, publishedDocument } from "@/lib/server/api/document";
import { PROBLEMS } from "@/lib/server/api/problem-kinds";
import { Fields, fieldsOf, typeOf } from "./fields";
import { Operation } from "./operation";

export const metadata: Metadata = { title: "API" };

/** The API's document for a reader, from the same document that a program gets. */
export default async function ApiDocsPage() {
  const asked = await headers();
  const { info, tags, paths, components } = await publishedDocument(
    originOf(asked.get("host") ?? "", asked.get("x-forwarded-proto") ?? undefined),
  );
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const common = [...new Set(operations.flatMap(({ operation }) => Object.keys(operation.responses)))].filter(
    (status) => operations.every(({ operation }) => status in operation.responses),
  );
  return (
    <Page
      title="API"
      beside={`version ${info.version}`}
      lead={info.description}
      actions={
        <a href="/api/v1/openapi.json" className="underline decoration-ink-3 hover:decoration-ink">
          OpenAPI document
        </a>
      }
    >
      <Card
        title="All operations"
        caption={
          <>
            Each of them can also answer {common.join(", ")}, as{" "}
            <a href="#problems" className="underline decoration-ink-3 hover:decoration-ink">
              problems
            </a>{" "}
            says.
          </>
        }
      >
        <ul className="grid gap-1">
          {operations.map(({ method, path, operation: { operationId, summary } }) => (
            <li key={operationId} className="break-words">
              <a href={`#${operationId}`} className="underline decoration-ink-3 hover:decoration-ink">
                {summary}
              </a>{" "}
              <span className="font-mono text-ink-2 text-xs">
                {method.toUpperCase()} {path}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      {tags.map(({ name, description }) => (
        <Card key={name} title={name} caption={description}>
          {operations
            .filter(({ operation }) => operation.tags.includes(name))
            .map((one) => (
              <Operation key={one.operation.operationId} {...one} common={common} />
            ))}
        </Card>
      ))}
      <Card
        id="problems"
        title="Problems"
        caption="What an answer says where it cannot do what was asked. Its type leads here, its errors point at places in the body, and its requestId finds the lines of the log."
      >
        <dl className="grid gap-3">
          {Object.entries(PROBLEMS).map(([kind, { status, title, says }]) => (
            <div key={kind} id={kind}>
              <dt className="font-medium">
                {status} <span className="font-mono text-[13px]">{kind}</span>
              </dt>
              <dd className="max-w-[72ch] text-ink-2">
                {title}. {says}
              </dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title="Schemas">
        <div className="@container">
          <div className="grid items-start gap-x-8 gap-y-5 @min-[52rem]:grid-cols-2 [&>*]:min-w-0">
            {Object.entries(components.schemas).map(([name, schema]) => {
              const fields = fieldsOf(schema);
              return (
                <div key={name} id={name} className="grid gap-2 border-line border-t pt-3">
                  <h3 className="font-semibold">{name}</h3>
                  {schema.description !== undefined && (
                    <p className="text-ink-2 text-xs">{schema.description}</p>
                  )}
                  {fields.length > 0 ? <Fields fields={fields} /> : <p>{typeOf(schema)}</p>}
                </div>
              );
            })}
          </div>
        </div>
      </Card>
    </Page>
  );
}
