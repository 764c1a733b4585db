import { type Ref, useRef } from "react";
import { Button } from "@/components/ui/button";
import { FEATURES } from "@/tables/current";

/** Takes a case as text where there is no key to paste with, as on a phone; `ref` opens it. */
export function PasteDialog({
  ref,
  onText,
}: {
  ref: Ref<HTMLDialogElement>;
  onText: (text: string) => void;
}) {
  const text = useRef<HTMLTextAreaElement>(null);
  return (
    <dialog
      ref={ref}
      aria-labelledby="paste-title"
      className="m-auto w-[min(36rem,calc(100vw-2rem))] rounded-card border border-line bg-raised p-5 text-ink shadow-raised backdrop:bg-ink/40"
      onClose={({ currentTarget }) => {
        if (currentTarget.returnValue === "read") onText(text.current?.value ?? "");
        if (text.current !== null) text.current.value = "";
      }}
    >
      <form method="dialog" className="grid gap-3">
        <label htmlFor="paste-text" id="paste-title" className="font-semibold text-base">
          Paste a case
        </label>
        <p id="paste-help" className="text-ink-2 text-xs">
          {FEATURES.length} values as a file, a spreadsheet or a program has them, with or without names.
        </p>
        <textarea
          ref={text}
          id="paste-text"
          aria-describedby="paste-help"
          rows={6}
          className="w-full rounded-field border border-ink-3 bg-surface p-2.5 font-mono"
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" value="read" kind="primary">
            Read it
          </Button>
          <Button type="submit" value="cancel">
            Cancel
          </Button>
        </div>
      </form>
    </dialog>
  );
}
