import { buttonClass } from "@/components/ui/button";

export default function NotFound() {
  return (
    <div className="grid justify-items-start gap-3">
      <h1 className="font-semibold text-title tracking-tight">No such prediction</h1>
      <p>No saved prediction has this address. It may have been copied incompletely.</p>
      <a href="/history" className={buttonClass()}>
        To the history
      </a>
    </div>
  );
}
