"use client";

import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { formatBytes } from "@/lib/format";
import { words } from "@/tables/current";
import { ProgressBar } from "./progress-bar";

const FILE_FORM = "/batch/file";
const ACCEPTED =
  ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.xlsx,.parquet,.gz,.zip,text/csv,text/tab-separated-values,application/json";

type Sending = { name: string; sent: number; of: number };

/**
 * Takes the file of a batch: chosen, dropped anywhere on the page, or as rows that are pasted. With a script it says how much
 * has arrived; without one it is a plain form. `mostBytes` of a file; `lead` says what it can be.
 */
export function FileCard({ mostBytes, lead }: { mostBytes: number; lead: ReactNode }) {
  const [sending, setSending] = useState<Sending | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const request = useRef<XMLHttpRequest | null>(null);

  function send(file: File) {
    setProblem(null);
    if (file.size === 0) return setProblem(`${file.name} is empty.`);
    if (file.size > mostBytes)
      return setProblem(`${file.name} is larger than ${formatBytes(mostBytes)}. Split it.`);
    const form = new FormData();
    form.set("file", file);
    const post = new XMLHttpRequest();
    request.current = post;
    const fail = (sentence: string) => {
      setSending(null);
      setProblem(sentence);
    };
    post.upload.onprogress = ({ loaded, total }) => setSending({ name: file.name, sent: loaded, of: total });
    post.onerror = () =>
      fail(`The file did not arrive. Check that ${words.app.name} is running, then try again.`);
    post.onabort = () => fail("The file was not sent.");
    // The answer leads to the batch, or back here with what is wrong; where it does not, it says why.
    post.onload = () =>
      post.responseURL.endsWith(FILE_FORM)
        ? fail(post.responseText.trim() || "The file was refused.")
        : location.assign(post.responseURL);
    post.open("POST", FILE_FORM);
    post.send(form);
    setSending({ name: file.name, sent: 0, of: file.size });
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the listeners need nothing that changes.
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!hasFile(event)) return;
      event.preventDefault();
      const [file, ...more] = event.dataTransfer?.files ?? [];
      if (more.length > 0) setProblem("Drop one file at a time.");
      else if (file !== undefined) send(file);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
      request.current?.abort();
    };
  }, []);

  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    const file = new FormData(event.currentTarget).get("file");
    if (!(file instanceof File)) return;
    event.preventDefault();
    send(file);
  }

  return (
    <>
      <section
        aria-label="File"
        className={`relative rounded-card bg-surface text-center ${isOver ? "outline-2 outline-ink" : "outline-1 outline-ink-3 outline-dashed"}`}
      >
        {sending === null ? (
          <form action={FILE_FORM} method="post" encType="multipart/form-data" onSubmit={onSubmit}>
            <input
              id="batch-file"
              type="file"
              name="file"
              required
              accept={ACCEPTED}
              onChange={({ target }) => target.files?.[0] && send(target.files[0])}
              className="peer sr-only noscript:not-sr-only noscript:m-4"
            />
            <label
              htmlFor="batch-file"
              className="group grid cursor-pointer justify-items-center gap-2 rounded-card px-4 pt-10 pb-6 peer-focus-visible:[&_.choose]:outline-2 sm:pt-14"
            >
              <svg
                aria-hidden="true"
                viewBox="0 0 32 32"
                className="mb-1.5 size-8 fill-none stroke-2 stroke-current"
              >
                <path d="M16 22V4M9 11l7-7 7 7M3 20v6a3 3 0 0 0 3 3h20a3 3 0 0 0 3-3v-6" />
              </svg>
              <span className="font-semibold text-xl">Drop a file of cases here</span>
              <span className="max-w-[72ch] text-ink-2">{lead}</span>
              <span
                className={`choose mt-3 outline-focus outline-offset-2 noscript:hidden ${buttonClass("primary")}`}
              >
                Choose a file
              </span>
            </label>
            <noscript>
              <Button type="submit" kind="primary">
                Send the file
              </Button>
            </noscript>
          </form>
        ) : (
          <div className="grid gap-2 px-4 py-14 text-left sm:px-16">
            <p role="status" className="break-words font-semibold text-xl">
              Sending {sending.name}
            </p>
            <ProgressBar label="Sent" done={sending.sent} of={sending.of} />
            <p className="flex flex-wrap items-center justify-between gap-3 text-ink-2">
              {formatBytes(sending.sent)} of {formatBytes(sending.of)}
              <Button onClick={() => request.current?.abort()}>Cancel</Button>
            </p>
          </div>
        )}
        {sending === null && <PasteRows />}
      </section>
      {problem !== null && <Notice kind="error" role="alert" title={problem} />}
    </>
  );
}

/** A plain form; what is pasted is a file as well. */
function PasteRows() {
  return (
    <details className="px-4 pb-8 text-center">
      <summary className={`${buttonClass()} list-none [&::-webkit-details-marker]:hidden`}>
        Paste rows
      </summary>
      <form action="/batch/pasted" method="post" className="mt-3 grid justify-items-start gap-2 text-left">
        <label htmlFor="pasted-rows" className="font-medium text-ink-2 text-xs">
          Rows, with or without a line of names
        </label>
        <textarea
          id="pasted-rows"
          name="rows"
          required
          rows={8}
          spellCheck={false}
          autoComplete="off"
          className="w-full rounded-field border border-ink-3 bg-surface p-2.5 font-mono text-xs"
        />
        <Button type="submit" kind="primary">
          Read these rows
        </Button>
      </form>
    </details>
  );
}
