import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";

/** One act on one row: `of` names the row to whoever does not see the line that the button stands in. */
export function RowButton({
  hidden,
  action,
  children,
  of,
}: {
  hidden: Readonly<Record<string, string>>;
  action: (form: FormData) => Promise<void>;
  children: string;
  of: string;
}) {
  return (
    <ActionForm action={action}>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" aria-label={`${children}: ${of}`}>
        {children}
      </Button>
    </ActionForm>
  );
}
