import fc from "fast-check";
import { expect, it } from "vitest";
import { errorTemplate, LIST_REQUEST_TEMPLATE } from "../cdk/api-contract";
import { render } from "./render";

const requestId = "7c1e";
/** Texts as people and attackers write them, among them what a template would be made of. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom("$input.path('$')", "$util.error('x')", "#set($x = 1)", "$&", "$1", "\\", '"', "#end"),
    )
    .map((parts) => parts.join(" ")),
);

it("fills in any body as it is", () => {
  fc.assert(
    fc.property(text, (data) => {
      const event = render(LIST_REQUEST_TEMPLATE, { requestId, body: { data, other: 1 } });
      expect(JSON.parse(event)).toEqual({ data, requestId });
      const told = render(errorTemplate("bad_request", false), { requestId, body: { errorMessage: data } });
      expect(JSON.parse(told).error.message).toBe(data);
    }),
  );
});

it("fills in nothing for a body without the value", () => {
  for (const body of [undefined, null, 1, "text", [], {}]) {
    expect(JSON.parse(render(LIST_REQUEST_TEMPLATE, { requestId, body }))).toEqual({ data: "", requestId });
  }
});

it.each(["$util.urlEncode('x')", "$input.body", "#if(true)x#end", "$context.stage"])(
  "does not pretend to know %s",
  (template) => {
    expect(() => render(template, { requestId })).toThrow("cannot render");
  },
);
