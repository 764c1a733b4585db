import * as z from "zod";
import { caseCode } from "../prediction/typed-text";
import { WHOLE } from "./case";

/** What the form of a case sends. Apart from `case.ts`, which a browser loads, and in which zod would try a function of a text. */

const NO_CODE = "Enter the case code.";
/** A case code, which has to be there. */
export const wantedCode = caseCode.pipe(z.string(NO_CODE));

/** `confirmed`: the stamp of what was shown, where it is to be erased. */
export const caseForm = z
  .object({ code: wantedCode, confirmed: z.string().optional() })
  .catchall(z.string().optional())
  .transform(({ code, confirmed, ...rest }) => ({
    ...{ code, confirmed },
    whole: Object.keys(rest).flatMap((name) => (name.startsWith(WHOLE) ? [name.slice(WHOLE.length)] : [])),
  }));
