/** What a person wrote beside a prediction; null where nothing. */
export type Annotation = { caseCode: string | null; note: string | null };

/** One change of what is kept beside a prediction. */
export type Edit = { id: string; at: Date; field: string; before: string | null; after: string | null };
