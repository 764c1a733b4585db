import type { FormState } from "../form-state";

/** What a form about people and keys shows once it is done; `once`: what cannot be read again. */
export type Told = { says: string; once?: { label: string; value: string }[] };

export type ToldState = FormState<string, Told>;
