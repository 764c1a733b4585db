import { buttonClass } from "@/components/ui/button";

export default function NotFound() {
  return (
    <div className="grid justify-items-start gap-3 rounded-md border border-line bg-surface p-4">
      <h1 className="font-semibold text-lg">There is no such page</h1>
      <p>The address may be mistyped, or come from another version of Cytodesk.</p>
      <a href="/" className={buttonClass()}>
        New prediction
      </a>
    </div>
  );
}
