import type { ReactNode } from "react";
import type { Schema } from "@/lib/server/api/document";

/** What a body, an answer or an address can have, from the schemas of the API's document. */

type Field = { name: string; type: ReactNode; isOptional: boolean; description?: string };

const LINK = "underline decoration-ink-3 hover:decoration-ink";

/** A schema as a few words; one with a name of its own leads to where it is described. */
export function typeOf(schema: Schema): ReactNode {
  const { $ref, type, items, anyOf, format } = schema;
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1);
    return (
      <a href={`#${name}`} className={LINK}>
        {name}
      </a>
    );
  }
  if (schema.enum !== undefined)
    return schema.enum.filter((one) => one !== null).join(" | ") + orNull(schema);
  if (anyOf !== undefined) {
    return anyOf.map((one, at) => (
      <span key={JSON.stringify(one)}>
        {at > 0 && " or "}
        {typeOf(one)}
      </span>
    ));
  }
  if (items !== undefined) return <>list of {typeOf(items)}</>;
  const types = [type ?? "anything"].flat();
  return types.join(" or ") + (format === undefined ? "" : `, ${format}`);
}

const orNull = ({ type }: Schema) => (Array.isArray(type) && type.includes("null") ? " | null" : "");

/** The properties of a schema, those of what it holds after a dot; many that are alike are one. */
export function fieldsOf(schema: Schema, before = ""): Field[] {
  const required = new Set(schema.required);
  const entries = Object.entries(schema.properties ?? {});
  const isLike = (at: number) =>
    JSON.stringify(entries[at]?.[1]) === JSON.stringify(entries[at - 1]?.[1]) && entries.length > ALIKE;
  return entries.flatMap(([name, property], at): Field[] => {
    if (at > 0 && isLike(at)) return [];
    let last = at;
    while (last + 1 < entries.length && isLike(last + 1)) last++;
    const named = last === at ? name : `${name} … ${entries[last]?.[0]}`;
    const field: Field = {
      name: before + named,
      type: typeOf(property),
      isOptional: !required.has(name),
      description: property.description,
    };
    const inner = property.items ?? property;
    return inner.properties === undefined
      ? [field]
      : [field, ...fieldsOf(inner, `${before}${named}${property.items === undefined ? "" : "[]"}.`)];
  });
}

/** From how many properties on some that are alike are shown as one. */
const ALIKE = 8;

export function Fields({ fields }: { fields: readonly Field[] }) {
  return (
    <ul className="grid gap-2 [&>*]:min-w-0">
      {fields.map(({ name, type, isOptional, description }) => (
        <li key={name} className="break-words">
          <code className="font-mono text-[13px]">{name}</code>{" "}
          <span className="text-ink-2 text-xs">
            {type}
            {isOptional && ", optional"}
          </span>
          {description !== undefined && <p className="max-w-[72ch] text-ink-2 text-xs">{description}</p>}
        </li>
      ))}
    </ul>
  );
}
