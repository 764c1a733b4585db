import { type Ref, useEffect, useState } from "react";
import { Button, Kbd } from "@/components/ui/button";
import { areSingleKeysOn, setSingleKeys } from "@/components/ui/single-keys";

const KEYS: [place: string, keys: [keys: string[], what: string][]][] = [
  [
    "Everywhere",
    [
      [["Ctrl", "K"], "Search, or jump to a page, a case or a view"],
      [["Z"], "Undo a deletion, while its notice is shown"],
      [["?"], "This list"],
    ],
  ],
  [
    "New prediction",
    [
      [["Enter"], "Next field; with Shift, the previous one"],
      [["↑", "↓"], "Up and down a column"],
      [["Ctrl", "Enter"], "Make the prediction"],
      [["N"], "Next case, after an answer"],
    ],
  ],
  [
    "History",
    [
      [["J", "K"], "Next row, previous row"],
      [["Enter"], "Open the row"],
      [["Space"], "Preview the row"],
      [["X"], "Tick the row; with Shift, all rows from the last one ticked"],
      [["E"], "Export"],
      [["#"], "Delete"],
      [["/"], "Search"],
      [["Esc"], "Clear the ticks"],
    ],
  ],
  ["One prediction, or one row of a batch", [[["[", "]"], "Previous, next in its list"]]],
];

/** Every key that does something by itself, and the switch that turns them off; `ref` opens it. */
export function KeyMap({ ref }: { ref: Ref<HTMLDialogElement> }) {
  const [isOn, setOn] = useState(true);
  useEffect(() => setOn(areSingleKeysOn()), []);
  return (
    <dialog
      ref={ref}
      aria-labelledby="key-map"
      className="m-auto max-h-[85vh] w-[min(44rem,calc(100vw-2rem))] overflow-y-auto rounded-card border border-line bg-raised p-6 text-ink shadow-raised backdrop:bg-ink/40"
    >
      <form method="dialog" className="grid gap-4">
        <h2 id="key-map" className="font-semibold text-xl">
          Keyboard map
        </h2>
        <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {KEYS.map(([place, keys]) => (
            <section key={place} aria-label={place}>
              <h3 className="font-semibold">{place}</h3>
              <dl>
                {keys.map(([names, what]) => (
                  <div key={what} className="flex items-baseline gap-3 border-line border-t py-1.5">
                    <dt className="flex w-24 flex-none gap-1">
                      {names.map((name) => (
                        <Kbd key={name}>{name}</Kbd>
                      ))}
                    </dt>
                    <dd>{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <label className="inline-flex min-h-control items-center gap-2">
            <input
              type="checkbox"
              checked={isOn}
              onChange={({ target }) => {
                setSingleKeys(target.checked);
                setOn(target.checked);
              }}
              className="size-4 accent-ink"
            />
            Use single keys, such as N and J
          </label>
          <Button type="submit" kind="primary">
            Close
          </Button>
        </div>
      </form>
    </dialog>
  );
}
