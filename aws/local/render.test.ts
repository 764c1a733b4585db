import fc from "fast-check";
import { expect, it } from "vitest";
import { LIST_REQUEST_TEMPLATE, THROWN_ERRORS } from "../cdk/api-contract";
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
      const told = { errorMessage: data, errorType: "timeout" };
      for (const { status, template } of THROWN_ERRORS) {
        const text = render(template, { requestId, body: told });
        if (status !== 502) expect(text).toBe(data);
        else expect(JSON.parse(text)).toMatchObject({ requestId, error: { code: "model_failed" } });
      }
    }),
  );
});

it("fills in nothing for a body without the value", () => {
  for (const body of [undefined, null, 1, "text", [], {}]) {
    expect(JSON.parse(render(LIST_REQUEST_TEMPLATE, { requestId, body }))).toEqual({ data: "", requestId });
  }
});

it.each([
  "$util.urlEncode('x')",
  "$input.body",
  "#if(true)x#end",
  "#if($input.path('$.a') != 'b')\nx\n#else\ny\n#end",
  "$context.stage",
])("does not pretend to know %s", (template) => {
  expect(() => render(template, { requestId })).toThrow("cannot render");
});
