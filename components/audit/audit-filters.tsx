import { Button } from "@/components/ui/button";
import { Chips } from "@/components/ui/chips";
import { Field, fieldClass } from "@/components/ui/field";
import { Options } from "@/components/ui/filter-fields";
import { ACT_NAMES, ACTS } from "@/lib/access/audit";
import { type AuditFilters, auditChips, auditHref } from "@/lib/access/audit-query";

const NONE: AuditFilters = { act: null, who: null, object: null, from: null, to: null };

/** What the audit is narrowed to, in a plain form that leads to an address. */
export function AuditFilterForm({ filters }: { filters: AuditFilters }) {
  const text = (name: "who" | "object", label: string) => (
    <Field label={label} htmlFor={`audit-${name}`}>
      <input
        id={`audit-${name}`}
        name={name}
        defaultValue={filters[name] ?? ""}
        maxLength={100}
        autoComplete="off"
        className={`${fieldClass} font-mono`}
      />
    </Field>
  );
  const day = (name: "from" | "to", label: string) => (
    <Field label={label} htmlFor={`audit-${name}`}>
      <input
        id={`audit-${name}`}
        type="date"
        name={name}
        defaultValue={filters[name] ?? ""}
        className={fieldClass}
      />
    </Field>
  );
  return (
    <search aria-label="Audit" className="grid gap-3">
      <form
        action="/audit"
        className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,11rem),1fr))] items-end gap-3"
      >
        <Field label="Act" htmlFor="audit-act">
          <select id="audit-act" name="act" defaultValue={filters.act ?? ""} className={fieldClass}>
            <option value="">any</option>
            <Options of={ACT_NAMES.map((act) => [act, ACTS[act]])} />
          </select>
        </Field>
        {text("who", "Id of person or key")}
        {text("object", "Id of what it was done to")}
        {day("from", "From, in UTC")}
        {day("to", "Until, in UTC")}
        <Button type="submit" kind="primary">
          Show
        </Button>
      </form>
      <Chips
        chips={auditChips(filters).map(({ label, without }) => ({
          label,
          href: auditHref({ filters: without, cursor: null }),
        }))}
        clear={auditHref({ filters: NONE, cursor: null })}
      />
    </search>
  );
}
