import { keepInTab, keptInTab } from "@/components/ui/in-tab";

/**
 * The image that is being measured and what was drawn on it, of this tab, in the browser's database: too large for what a tab
 * keeps by itself. Nothing of it is sent anywhere.
 */
export type MeasureDraft = {
  file: Blob;
  /** What components/measure knows how to read again. */
  session: unknown;
};

const DATABASE = "measure";
const STORE = "drafts";
const TAB = "measure-tab";
/** A tab that was closed cannot tell, so what it left goes after this. */
const KEPT_MS = 12 * 3_600_000;

type Kept = MeasureDraft & { tab: string; at: number };

/** Names this tab for as long as it is open. */
function tabName(): string {
  const { name } = keptInTab(TAB) ?? {};
  if (typeof name === "string") return name;
  const made = Array.from(crypto.getRandomValues(new Uint32Array(3)), String).join("-");
  keepInTab(TAB, { name: made });
  return made;
}

/** What `work` asks of the drafts; null where this browser keeps nothing, as in some private windows. */
function inStore<T>(mode: IDBTransactionMode, work: (drafts: IDBObjectStore) => IDBRequest<T>) {
  return new Promise<T | null>((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(null);
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "tab" });
    opening.onerror = () => resolve(null);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => {
        database.close();
        resolve(null);
      };
    };
  });
}

/** Keeps the draft of this tab; whether the browser did. */
export const keepMeasureDraft = async (draft: MeasureDraft): Promise<boolean> =>
  (await inStore("readwrite", (drafts) =>
    drafts.put({ ...draft, tab: tabName(), at: Date.now() } satisfies Kept),
  )) !== null;

/** The draft of this tab, null where there is none; drafts of tabs that are long gone go. */
export async function keptMeasureDraft(): Promise<MeasureDraft | null> {
  const all = (await inStore<Kept[]>("readonly", (drafts) => drafts.getAll())) ?? [];
  const gone = all.filter(({ at }) => at < Date.now() - KEPT_MS);
  for (const { tab } of gone) await inStore("readwrite", (drafts) => drafts.delete(tab));
  const own = all.find(({ tab }) => tab === tabName());
  return own === undefined || gone.includes(own) ? null : { file: own.file, session: own.session };
}

export const forgetMeasureDraft = () => inStore("readwrite", (drafts) => drafts.delete(tabName()));
