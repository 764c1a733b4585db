import { useState } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { MOST_BYTES, MOST_PIXELS } from "./limits";

type Demo = { key: string; label: string; about: string; image: string };

/** How an image gets on the page: chosen, dropped, pasted, or one of those that a computer drew. */
export function ChooseImage({
  demos,
  onFile,
  onProblem,
}: {
  demos: readonly Demo[];
  onFile: (file: Blob) => void;
  onProblem: (problem: string) => void;
}) {
  const [isOver, setOver] = useState(false);

  async function openDemo({ image }: Demo) {
    const answer = await fetch(image).catch(() => null);
    if (answer?.ok === true) onFile(await answer.blob());
    else onProblem("The image could not be fetched. Check the connection, and try again.");
  }

  return (
    <section
      aria-label="The image"
      className={`grid justify-items-center gap-4 rounded-card border-2 border-dashed px-4 py-10 text-center ${isOver ? "border-ink bg-selected" : "border-ink-3 bg-surface"}`}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      // The page takes what is dropped, here or anywhere.
      onDrop={() => setOver(false)}
    >
      <ImageInput kind="primary" label="Choose an image" onFile={onFile} />
      <p className="text-ink-2 max-sm:hidden">or drop it here, or paste it</p>
      <p className="max-w-[56ch] text-ink-2 text-xs">
        PNG, JPEG, WebP, BMP or TIFF, up to {MOST_BYTES / 1e6} MB and {MOST_PIXELS / 1e6} megapixels. It stays
        in this browser: nothing of it is sent while you measure.
      </p>
      <div className="grid gap-2 border-line border-t pt-4">
        <p className="font-medium">No image at hand? Two were drawn by a computer:</p>
        <ul className="flex flex-wrap justify-center gap-x-4 gap-y-3">
          {demos.map((demo) => (
            <li key={demo.key} className="grid max-w-60 justify-items-center gap-1">
              <Button onClick={() => openDemo(demo)}>{demo.label}</Button>
              <span className="text-ink-2 text-xs">{demo.about}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** A file input that looks like a button. */
export function ImageInput({
  label,
  kind,
  accept = "image/*,.tif,.tiff",
  onFile,
}: {
  label: string;
  kind?: Parameters<typeof buttonClass>[0];
  accept?: string;
  onFile: (file: File) => void;
}) {
  return (
    <label
      className={`${buttonClass(kind)} relative cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2`}
    >
      {label}
      <input
        type="file"
        accept={accept}
        className="absolute inset-0 cursor-pointer opacity-0 file:cursor-pointer"
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file again is a change too.
          target.value = "";
          if (file !== undefined) onFile(file);
        }}
      />
    </label>
  );
}
