import { keepInTab, keptInTab, newKey } from "@/components/ui/in-tab";

/**
 * The image that is being measured and what was drawn on it, of this tab, in the browser's database: too large for what a tab
 * keeps by itself. Nothing of it is sent anywhere.
 */
export type MeasureDraft = {
  file: Blob;
  /** What components/measure knows how to read again; null before it kept any. */
  session: unknown;
};

const DATABASE = "measure";
const STORE = "drafts";
const TAB = "measure-tab";
/** A tab that was closed cannot tell, so what it left goes after this. */
const KEPT_MS = 12 * 3_600_000;

/** The file is kept apart: it is large and stays, while the session is written at every step. */
type Kept = { tab: string; part: keyof MeasureDraft; at: number; value: unknown };

/** Names this tab for as long as it is open. */
function tabName(): string {
  const { name } = keptInTab(TAB) ?? {};
  if (typeof name === "string") return name;
  const made = newKey();
  keepInTab(TAB, { name: made });
  return made;
}

let connection: Promise<IDBDatabase | null> | null = null;

/**
 * The browser's database, null where this browser keeps nothing, as in some private windows. It stays open: whoever reloads the
 * page right after a step would lose the step while the database opens.
 */
function database(): Promise<IDBDatabase | null> {
  connection ??= new Promise((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(null);
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: ["tab", "part"] });
    opening.onerror = () => resolve(null);
    opening.onsuccess = () => {
      const opened = opening.result;
      const forget = () => {
        opened.close();
        connection = null;
      };
      // Somebody else deletes the database, or the browser closed it.
      opened.onversionchange = forget;
      opened.onclose = forget;
      resolve(opened);
    };
  });
  return connection;
}

/** What `work` asks of the drafts, done whole or not at all; null where this browser keeps nothing. */
async function inStore<T>(mode: IDBTransactionMode, work: (drafts: IDBObjectStore) => IDBRequest<T>) {
  const opened = await database();
  return new Promise<T | null>((resolve) => {
    if (opened === null) return resolve(null);
    const transaction = opened.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => resolve(null);
    // Said now, so that it is done though the page goes before it hears of it.
    transaction.commit();
  });
}

/** Keeps what was drawn, and the image that it was drawn on where that is another one; whether the browser did. */
export async function keepMeasureDraft(session: unknown, file?: Blob): Promise<boolean> {
  const own = { tab: tabName(), at: Date.now() };
  const key = await inStore("readwrite", (drafts) => {
    if (file !== undefined) drafts.put({ ...own, part: "file", value: file } satisfies Kept);
    return drafts.put({ ...own, part: "session", value: session } satisfies Kept);
  });
  return key !== null;
}

/** The keys of a tab's parts: "file" is the first and "session" the last. */
const partsOf = (tab: string) => IDBKeyRange.bound([tab, "file"], [tab, "session"]);

/** The draft of this tab, null where there is none; drafts of tabs that are long gone go. */
export async function keptMeasureDraft(): Promise<MeasureDraft | null> {
  const keys = (await inStore("readonly", (drafts) => drafts.getAllKeys())) ?? [];
  const tabs = new Set(keys.flatMap((key) => (Array.isArray(key) ? [String(key[0])] : [])));
  for (const tab of tabs) {
    if (tab === tabName()) continue;
    const parts = (await inStore<Kept[]>("readonly", (drafts) => drafts.getAll(partsOf(tab)))) ?? [];
    if (parts.some(({ at }) => at > Date.now() - KEPT_MS)) continue;
    await inStore("readwrite", (drafts) => drafts.delete(partsOf(tab)));
  }
  const own = (await inStore<Kept[]>("readonly", (drafts) => drafts.getAll(partsOf(tabName())))) ?? [];
  const file = own.find(({ part }) => part === "file")?.value;
  const session = own.find(({ part }) => part === "session")?.value ?? null;
  return file instanceof Blob ? { file, session } : null;
}

/** Forgets the draft of this tab, where nothing of it was kept again after a time. */
export async function forgetMeasureDraft(notAfter = Number.POSITIVE_INFINITY): Promise<void> {
  const own = (await inStore<Kept[]>("readonly", (drafts) => drafts.getAll(partsOf(tabName())))) ?? [];
  if (own.every(({ at }) => at <= notAfter))
    await inStore("readwrite", (drafts) => drafts.delete(partsOf(tabName())));
}
